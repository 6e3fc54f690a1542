import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { ResampleFilter } from "#main/ml/preprocess/resample-filters";
import type { Samples } from "#main/ml/preprocess/resize";
import { resize, resizeSamples } from "#main/ml/preprocess/resize";
import type { GoldenTensor } from "../support/golden-tensors";
import { goldenTensor, readGoldenTensors } from "../support/golden-tensors";
import { goldenCases } from "../support/goldens";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

function samplesOf({ shape, data }: GoldenTensor<Uint8Array>): Samples {
  const [height = 0, width = 0, channels = 1] = shape;
  return { width, height, channels, data };
}

const all = goldenCases("preprocess", "resize");

describe("one picture in four filters is Pillow's, byte for byte", () => {
  const cases = all.filter(({ parameters }) => "filters" in parameters);
  test("no case is lost", () => expect(cases).toHaveLength(13));
  test.each(cases.map((goldenCase) => [goldenCase.id, goldenCase] as const))("%s", (_, goldenCase) => {
    const { filters, to, pass_order } = goldenCase.parameters as { filters: ResampleFilter[]; to: [number, number]; pass_order: string };
    const tensors = readGoldenTensors(goldenCase);
    const input = samplesOf(goldenTensor(tensors, "input", Uint8Array));
    for (const filter of filters) {
      const size = { width: to[0], height: to[1] };
      const resized = resize(input, size, { filter, passOrder: pass_order === "vertical first" ? "pillow-13" : "pillow-11" });
      expect(Buffer.compare(resized.data, goldenTensor(tensors, filter, Uint8Array).data)).toBe(0);
      expect(sha256(resized.data)).toBe((goldenCase.outputs["sha256"] as Record<string, string>)[filter]);
    }
  });
});

describe("large pictures made by a formula", () => {
  const goldenCase = all.find(({ id }) => id === "preprocess/resize-large-by-formula")!;
  type Expected = { from: [number, number]; to: [number, number]; filter: ResampleFilter; input_sha256: string; sha256: string };
  test.each(Object.entries(goldenCase.outputs as Record<string, Expected>))("%s", (_, expected) => {
    const [width, height] = expected.from;
    const data = new Uint8Array(width * height * 3);
    for (let i = 0; i < data.length; i++) {
      const [x, y, channel] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3];
      data[i] = 7 * x + 13 * y + 29 * channel + ((x * y) % 251);
    }
    expect(sha256(data)).toBe(expected.input_sha256);
    const resized = resize({ width, height, data }, { width: expected.to[0], height: expected.to[1] }, { filter: expected.filter });
    expect(sha256(resized.data)).toBe(expected.sha256);
  });
});

describe("other channel counts", () => {
  const goldenCase = all.find(({ id }) => id === "preprocess/resize-gray-and-rgba")!;
  const tensors = readGoldenTensors(goldenCase);
  const [width, height] = goldenCase.parameters["to"] as [number, number];

  test.each(["bilinear", "bicubic", "lanczos"] as const)("grey, %s", (filter) => {
    const resized = resizeSamples(samplesOf(goldenTensor(tensors, "gray", Uint8Array)), { width, height }, { filter });
    expect(resized.data).toEqual(goldenTensor(tensors, `gray.${filter}`, Uint8Array).data);
  });

  test.each(["bilinear", "bicubic", "lanczos"] as const)("four channels that Pillow premultiplies by alpha, %s", (filter) => {
    const input = samplesOf(goldenTensor(tensors, "rgba", Uint8Array));
    const resized = resizeSamples({ ...input, data: premultiply(input.data) }, { width, height }, { filter });
    expect(unpremultiply(resized.data)).toEqual(goldenTensor(tensors, `rgba.${filter}`, Uint8Array).data);
  });
});

/** Pillow's RGBA to RGBa and back; the metrics never resize alpha, so this lives with the test. */
function premultiply(rgba: Uint8Array): Uint8Array {
  return rgba.map((value, i) => {
    if (i % 4 === 3) return value;
    const t = value * rgba[i - (i % 4) + 3]! + 128;
    return ((t >> 8) + t) >> 8;
  });
}

function unpremultiply(rgba: Uint8Array): Uint8Array {
  return rgba.map((value, i) => {
    const alpha = rgba[i - (i % 4) + 3]!;
    return i % 4 === 3 || alpha === 0 || alpha === 255 ? value : Math.min(255, Math.floor((255 * value) / alpha));
  });
}
