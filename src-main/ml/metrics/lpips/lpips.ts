/**
 * @file LPIPS on VGG-16: a distance, 0 for equal pictures.
 * Source: Zhang et al., CVPR 2018; package lpips 0.1.4 as the published DiffSim scripts call it, on `process_image` at 512 px.
 */
import { appError } from "#shared/domain/app-error";
import type { RawImage } from "../../../platform/raw-image";
import type { ModelFolder } from "../../models/model-folder";
import { vggDepth } from "../../models/vgg/vgg";
import { diffusionImages } from "../../preprocess/diffusion-image";
import { tensor, type Float32Tensor, type Tensor } from "../../tensor/tensor";
import type { CompareOptions, MetricContext, MetricDefinition, PairComparison } from "../metric";
import { requiredModel } from "../required-model";
import { imageOutput, type VisionOutputs } from "../vision/vision-network";
import { buildLpips, lpipsModules } from "./graph";
import { readLinearLayers, type LinearLayers } from "./linear-layers";

const defaultSize = 512;
/** Four poolings must leave something; beyond the largest, features of a picture fill memory. */
const sizeLimits = { smallest: 16, largest: 2048 } as const;

/** The score is made of both pictures place by place, so there is nothing to keep of one picture alone. */
export const lpips: MetricDefinition = {
  name: "lpips",
  title: "LPIPS",
  hint: "How far two versions of one picture are apart to VGG-16.",
  modelWords: "torchvision's VGG-16",
  question: "instance",
  heeds: ["size"],
  families: ["vgg"],
  direction: "distance",
  vote: null,
  hasTokens: false,
  ranksByTokens: false,
  runsOn: (model) => vggDepth(model.part().tensors) === 16,
  comparePair: compareLpips,
};

async function compareLpips(context: MetricContext, a: RawImage, b: RawImage, options: CompareOptions): Promise<PairComparison> {
  const started = performance.now();
  if (options.similarity !== undefined)
    throw appError("usage/invalid", "lpips is a distance of its own and takes no other measure.", { hint: "Leave out --similarity." });
  const model = requiredModel(context, "lpips", "VGG-16 in torchvision's names, with lpips.safetensors beside it");
  const linear = await readLinearLayers(context, model);
  const size = checkedSize(options.size ?? defaultSize);
  const keepStages = options.keepTensors === true;
  const graph = buildLpips(model.part().scope(), { size, linear: linear.weights, keepStages });
  const session = await context.sessions.get(graph, context.runtime);
  const pixels = diffusionImages([a, b], size);
  const outputs = await session.run({ pixels });
  const distances = lpipsModules.map((_, stage) => (outputs[`distance${stage}`] as Float32Tensor).data[0] ?? Number.NaN);
  return {
    score: distances.reduce((sum, distance) => sum + distance, 0),
    directions: { ab: null, ba: null },
    similarity: "mse",
    recipe: lpipsRecipe(model, linear, { size, mode: options.mode ?? "published" }),
    milliseconds: { total: performance.now() - started },
    tensors: keepStages ? stagedTensors({ ...outputs, input: pixels }, distances) : new Map(),
  };
}

/** `input_a`, `feat0_a` ... of both pictures, the five distances, and the map of where they differ, which is the pair's. */
function stagedTensors(outputs: VisionOutputs, distances: readonly number[]): ReadonlyMap<string, Tensor> {
  const tensors = new Map<string, Tensor>([["per_layer", tensor([distances.length], Float32Array.from(distances))]]);
  for (const [name, output] of Object.entries(outputs)) {
    if (name === "map") tensors.set(name, output);
    else if (!name.startsWith("distance"))
      for (const [index, side] of ["a", "b"].entries()) tensors.set(`${name}_${side}`, imageOutput(outputs, name, index));
  }
  return tensors;
}

function lpipsRecipe(
  model: ModelFolder,
  linear: LinearLayers,
  { size, mode }: { readonly size: number; readonly mode: NonNullable<CompareOptions["mode"]> },
): PairComparison["recipe"] {
  return {
    metric: "lpips",
    family: model.family,
    modelSha256: model.sha256,
    mode,
    precision: "float32",
    tap: "relu1_2 to relu5_3",
    imageSize: size,
    parameters: { linearSha256: linear.sha256 },
    version: 1,
  };
}

function checkedSize(size: number): number {
  if (Number.isInteger(size) && size >= sizeLimits.smallest && size <= sizeLimits.largest) return size;
  throw appError("usage/invalid", `A picture size of ${size} is not possible with lpips.`, {
    hint: `Give a whole number of pixels from ${sizeLimits.smallest} to ${sizeLimits.largest}; ${defaultSize} is usual.`,
  });
}
