/** @file The encoder of the tiny autoencoder against diffusers, from a diffusers folder and from the authors' own file. */
import { describe, expect, test } from "vitest";
import { openAutoencoder } from "#main/ml/models/stable-diffusion/autoencoder";
import { openModel } from "#main/ml/models/model-folder";
import { substituteAutoencoder } from "#main/ml/models/substitute-autoencoder";
import { openCheckpoint } from "#main/ml/weights/checkpoint";
import { largestDifference } from "../support/compare-tensors";
import { goldenCases, goldenCheckpoint, goldenTensors } from "../support/goldens";
import { runGraph } from "../support/run-graph";

const cases = goldenCases("autoencoder-tiny");

test("no case is lost", () => expect(cases).toHaveLength(2));

describe.each(cases.map((golden) => [golden.id, golden] as const))("%s", (_id, golden) => {
  test.each(["taesd-tiny", "taesd-tiny-original"])("latents of %s", async (name) => {
    const model = await substituteAutoencoder(await openModel(goldenCheckpoint("sd15-tiny")), goldenCheckpoint(name));
    const vae = openAutoencoder(model.part("vae").scope(), model.partConfig("vae"));
    const stored = await openCheckpoint(goldenTensors(golden));
    const graph = vae.build({ height: Number(golden.parameters["height"]), width: Number(golden.parameters["width"]) });
    const outputs = await runGraph(graph, { pixel_values: await stored.readTensor("pixel_values") });
    const latents = await stored.readTensor("latents");
    expect(Object.keys(outputs)).toEqual(["mean"]);
    expect(outputs["mean"]?.shape).toEqual(latents.shape);
    expect(largestDifference(outputs["mean"], latents)).toBeLessThan(golden.tolerance["tensors"] ?? 0);
    expect(vae.config.scalingFactor).toBe(golden.outputs["scaling_factor"]);
  });
});
