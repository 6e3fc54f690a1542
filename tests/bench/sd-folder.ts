/** @file Writes Stable Diffusion 1.5 at its true size as a diffusers folder: float16, random weights, the published configurations. */
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildClipText } from "#main/ml/models/clip/text";
import { parseClipTextConfig } from "#main/ml/models/clip/text-config";
import { defined } from "#shared/lib/assert";
import { resourcesPath } from "#main/platform/paths";
import { tensorsOf, writeRandomCheckpoint } from "./random-checkpoint";
import { benchedNetworks, knownShape, unetJson, vaeJson } from "./sd-networks";

const textJson = { hidden_size: 768, intermediate_size: 3072, num_attention_heads: 12, num_hidden_layers: 12 };

const schedulerJson = {
  _class_name: "PNDMScheduler",
  beta_end: 0.012,
  beta_schedule: "scaled_linear",
  beta_start: 0.00085,
  num_train_timesteps: 1000,
  set_alpha_to_one: false,
  skip_prk_steps: true,
  steps_offset: 1,
};

const indexJson = { _class_name: "StableDiffusionPipeline" };

/** Writes the model to `folder`, about 2 GB. */
export async function writeStableDiffusionFolder(folder: string): Promise<void> {
  const network = (name: string) => {
    const { buildWhole } = defined(benchedNetworks[name], `the benchmark has a ${name}`);
    return tensorsOf((weights) => buildWhole(weights), knownShape);
  };
  const text = tensorsOf(
    (weights) => buildClipText(weights, parseClipTextConfig(textJson)),
    () => null,
  );
  await writePart(folder, "unet", { json: unetJson, tensors: network("unet") });
  await writePart(folder, "vae", { json: vaeJson, tensors: network("vae") });
  await writePart(folder, "text_encoder", { json: textJson, tensors: text });
  await mkdir(join(folder, "scheduler"));
  await writeFile(join(folder, "scheduler", "scheduler_config.json"), JSON.stringify(schedulerJson));
  await writeFile(join(folder, "model_index.json"), JSON.stringify(indexJson));
  await cp(join(resourcesPath(), "clip-tokenizer"), join(folder, "tokenizer"), { recursive: true });
}

async function writePart(
  folder: string,
  part: string,
  { json, tensors }: { readonly json: object; readonly tensors: ReadonlyMap<string, readonly number[]> },
): Promise<void> {
  const place = join(folder, part);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, "config.json"), JSON.stringify(json));
  await writeRandomCheckpoint(join(place, part === "text_encoder" ? "model.safetensors" : "diffusion_pytorch_model.safetensors"), tensors);
}
