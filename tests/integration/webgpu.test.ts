/**
 * @file WebGPU on a graphics card made of software: the self-test and a tiny DiffSim, against the processor. Only Linux has the parts for it at
 * hand; there they must be, so that no run leaves it out unnoticed.
 */
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { cli } from "../support/cli";
import { goldenCheckpoint } from "../support/goldens";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";
import { cliWithSoftwareGraphics } from "../support/software-graphics";

const scratch = scratchFolder();
const [a, b] = [join(scratch, "a.png"), join(scratch, "b.png")];

beforeAll(async () => {
  await writePicture(a, 1);
  await writePicture(b, 7);
});

interface Compared {
  readonly score: number;
  readonly directions: { readonly ab: number; readonly ba: number };
  readonly device: string;
}

test.runIf(process.platform === "linux")("a device that passes its self-test gives the processor's scores", async () => {
  const model = ["--metric", "diffsim-s", "--checkpoint", goldenCheckpoint("sd15-tiny"), "--mode", "corrected", "--size", "64"];
  const expected = (await cli("compare", a, b, ...model, "--device", "cpu", "--json")).json<Compared>();
  const { exitCode, out } = await cliWithSoftwareGraphics("compare", a, b, ...model, "--device", "webgpu", "--json");
  expect(exitCode).toBe(0);
  const found = JSON.parse(out) as Compared;
  // No other device took over, so the self-test was passed as well.
  expect(found).toMatchObject({ device: "webgpu" });
  expect(found).not.toHaveProperty("deviceNote");
  expect(found.score).toBeCloseTo(expected.score, 4);
  expect(found.directions.ab).toBeCloseTo(expected.directions.ab, 4);
  expect(found.directions.ba).toBeCloseTo(expected.directions.ba, 4);
});
