import { describe, expect, test } from "vitest";
import { TorchGenerator } from "#main/ml/random/torch-generator";
import { goldenTensor, readGoldenTensors } from "../support/golden-tensors";
import type { GoldenCase } from "../support/goldens";
import { goldenCases } from "../support/goldens";

const cases = goldenCases("torch-rng");

function expectNear(goldenCase: GoldenCase, name: string, actual: Float32Array): void {
  const expected = goldenTensor(readGoldenTensors(goldenCase), name, Float32Array).data;
  const tolerance = goldenCase.tolerance["tensors"]! * Math.max(...expected.map(Math.abs));
  expect(actual).toHaveLength(expected.length);
  const worst = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i]!)), 0);
  expect(worst).toBeLessThanOrEqual(tolerance);
}

describe("two draws of a fresh generator", () => {
  const seeds = cases.filter(({ id }) => id.includes("/seed-"));
  test("no case is lost", () => expect(seeds).toHaveLength(cases.length - 2));
  test.each(seeds.map((goldenCase) => [goldenCase.id, goldenCase] as const))("%s", (_, goldenCase) => {
    const names = Object.keys(goldenCase.tensors ?? {});
    for (const shape of new Set(names.map((name) => name.split(".")[0]!))) {
      const generator = new TorchGenerator(goldenCase.parameters["seed"] as number);
      for (const draw of ["first", "second"]) {
        const numbers = generator.randn(shape.split("x").reduce((product, size) => product * Number(size), 1));
        for (const name of names.filter((name) => name.startsWith(`${shape}.${draw}`))) {
          const part = name.endsWith("head64") ? numbers.subarray(0, 64) : name.endsWith("tail64") ? numbers.subarray(-64) : numbers;
          expectNear(goldenCase, name, part);
        }
        const sum = goldenCase.outputs[`${shape}.${draw}.sum`];
        if (sum !== undefined)
          expect(Math.abs(numbers.reduce((total, x) => total + x, 0) - (sum as number))).toBeLessThan(goldenCase.tolerance["sum"]!);
      }
    }
  });
});

test("draws of mixed sizes share one generator", () => {
  const goldenCase = cases.find(({ id }) => id.endsWith("mixed-sequence"))!;
  const generator = new TorchGenerator(goldenCase.parameters["seed"] as number);
  (goldenCase.parameters["sizes"] as number[]).forEach((size, index) => expectNear(goldenCase, `${index}-n${size}`, generator.randn(size)));
});

test("the four draws of one DiffSim comparison at 512 pixels", () => {
  const goldenCase = cases.find(({ id }) => id.endsWith("diffsim-512px-order"))!;
  const generator = new TorchGenerator(goldenCase.parameters["seed"] as number);
  for (const name of ["0-latentA", "1-latentB", "2-noiseA", "3-noiseB"])
    expectNear(goldenCase, name, generator.randn(4 * 64 * 64).subarray(0, 64));
});
