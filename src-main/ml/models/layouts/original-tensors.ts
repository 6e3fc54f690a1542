/**
 * @file Which tensors of a file in the original layout make up which network, and what each is called in a diffusers folder.
 * Averages of training (`model_ema`), states of optimisers and tables of noise belong to no network and are passed over.
 */
import { appError } from "#shared/domain/app-error";
import type { Checkpoint } from "../../weights/checkpoint";
import type { RenamedTensor } from "../../weights/renamed-checkpoint";
import type { TensorNames } from "../tensor-names";
import type { Generation } from "./original-settings";
import { clipTextTensor, openClipLayerCountOf, openClipTextTensors } from "./original-text";
import { layersPerBlockOf, unetName } from "./original-unet";
import { upBlockCountOf, vaeTensor } from "./original-vae";

const unetPrefix = "model.diffusion_model.";
const vaePrefix = "first_stage_model.";

/** A text tower: which of the pipeline's it is, where it lies and whose code it is in. */
interface TextTower {
  readonly part: "text_encoder" | "text_encoder_2";
  readonly prefix: string;
  readonly isOpenClip: boolean;
  /** Layers at the end that the U-Net was never shown. */
  readonly unusedLayers: number;
}

const towersOf: Readonly<Record<"1" | "2" | "xl", readonly TextTower[]>> = {
  "1": [{ part: "text_encoder", prefix: "cond_stage_model.transformer.", isOpenClip: false, unusedLayers: 0 }],
  "2": [{ part: "text_encoder", prefix: "cond_stage_model.model.", isOpenClip: true, unusedLayers: 1 }],
  xl: [
    { part: "text_encoder", prefix: "conditioner.embedders.0.transformer.", isOpenClip: false, unusedLayers: 0 },
    { part: "text_encoder_2", prefix: "conditioner.embedders.1.model.", isOpenClip: true, unusedLayers: 0 },
  ],
};

/** A network of the file: its tensors as a diffusers folder calls them. */
export interface OriginalText {
  readonly part: TextTower["part"];
  readonly isOpenClip: boolean;
  readonly tensors: readonly RenamedTensor[];
}

export interface OriginalTensors {
  readonly generation: Generation;
  readonly unet: readonly RenamedTensor[];
  readonly vae: readonly RenamedTensor[];
  readonly texts: readonly OriginalText[];
}

/** Whether these are the tensors of such a file, whole or not. */
export function isOriginalFile(tensors: TensorNames): boolean {
  return tensors.has(`${unetPrefix}input_blocks.0.0.weight`);
}

/**
 * Sorts the tensors of a file that {@link isOriginalFile}.
 *
 * @throws checkpoint/incomplete naming the networks that are not there
 * @throws checkpoint/unsupported for a network that is not built here
 */
export function originalTensors(file: Checkpoint): OriginalTensors {
  const kind = kindOf(file);
  const towers = towersOf[kind];
  const texts = towers.map((tower) => ({ part: tower.part, isOpenClip: tower.isOpenClip, tensors: textTensors(file, tower) }));
  const vae = vaeTensors(file);
  const missing = [
    ...(vae.length === 0 ? [`no autoencoder (${vaePrefix}*)`] : []),
    ...towers.flatMap(({ prefix }, i) => (texts[i]?.tensors.length === 0 ? [`no text encoder (${prefix}*)`] : [])),
  ];
  if (missing.length > 0)
    throw appError("checkpoint/incomplete", `${file.path} holds the U-Net of a Stable Diffusion model, but ${missing.join(" and ")}.`, {
      hint: "Choose a file that holds the whole model; the networks of several files are not put together.",
    });
  return { generation: kind === "2" && isFor512Pixels(file) ? "2-base" : kind, unet: unetTensors(file), vae, texts };
}

/** Goes by the code of the text encoder. Without any, all that is left to do is to say so. */
function kindOf(file: Checkpoint): keyof typeof towersOf {
  const has = (prefix: string) => namesBelow(file, prefix).length > 0;
  if (has("conditioner.embedders.0.model."))
    throw appError(
      "checkpoint/unsupported",
      `${file.path} is the refiner of Stable Diffusion XL, which only finishes pictures of the base model.`,
      {
        hint: "Choose the base model.",
      },
    );
  if (has("conditioner.") || has(`${unetPrefix}label_emb.`)) return "xl";
  return has("cond_stage_model.model.") ? "2" : "1";
}

/** The tensors of both models of the second generation are alike; files that say what they are do it in their header. */
function isFor512Pixels(file: Checkpoint): boolean {
  return file.files.some(({ metadata }) => metadata["modelspec.architecture"] === "stable-diffusion-v2-512");
}

function unetTensors(file: Checkpoint): readonly RenamedTensor[] {
  const names = namesBelow(file, unetPrefix);
  const layersPerBlock = layersPerBlockOf(names);
  return names.map((name) => {
    const renamed = unetName(name, layersPerBlock);
    if (renamed !== null) return { name: renamed, from: unetPrefix + name };
    throw appError("checkpoint/unsupported", `${file.path} holds ${unetPrefix}${name}, which no U-Net of Stable Diffusion has.`, {
      hint: "Choose the model without additions, or the one it was made from.",
    });
  });
}

function vaeTensors(file: Checkpoint): readonly RenamedTensor[] {
  const names = namesBelow(file, vaePrefix);
  const upBlocks = upBlockCountOf(names);
  return names.flatMap((name) => {
    const renamed = vaeTensor(name, shapeOf(file, vaePrefix + name), upBlocks);
    return renamed === null ? [] : [{ ...renamed, from: vaePrefix + name }];
  });
}

function textTensors(file: Checkpoint, { prefix, isOpenClip, unusedLayers }: TextTower): readonly RenamedTensor[] {
  const names = namesBelow(file, prefix);
  const layers = openClipLayerCountOf(names) - unusedLayers;
  const tensorsOf = (name: string) =>
    isOpenClip ? openClipTextTensors(name, shapeOf(file, prefix + name), layers) : [clipTextTensor(name)];
  return names.flatMap((name) => tensorsOf(name).map((renamed) => ({ ...renamed, from: prefix + name })));
}

function namesBelow(file: Checkpoint, prefix: string): readonly string[] {
  return [...file.tensors.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

function shapeOf(file: Checkpoint, name: string): readonly number[] {
  return file.tensors.get(name)?.shape ?? [];
}
