/** @file What the metrics of CLIP and DINOv2 have in common: a vision transformer that can be tapped, and how pictures get in. */
import { appError } from "#shared/domain/app-error";
import type { FeatureRecipe, MetricName, ScoringMode } from "#shared/domain/feature-recipe";
import type { RawImage } from "../../../platform/raw-image";
import type { Graph } from "../../graph/graph-core";
import type { ModelFolder } from "../../models/model-folder";
import type { VisionTaps } from "../../models/vision-taps";
import type { OutputProjection } from "../../scoring/aligned-attention-graph";
import type { AttentionFeatures, AttentionGrid } from "../../scoring/attention-features";
import { tensor, type Float32Tensor, type Tensor } from "../../tensor/tensor";
import type { CompareOptions, MetricContext } from "../metric";

export interface VisionNetwork {
  readonly model: ModelFolder;
  readonly layers: number;
  readonly heads: number;
  readonly headDim: number;
  readonly grid: AttentionGrid;
  /** Height of the picture as it enters the network. */
  readonly imageSize: number;
  /** What else decides the numbers, for the recipe. */
  readonly parameters: FeatureRecipe["parameters"];
  /** Tensors that are computed while the graph is authored, for comparing a port. */
  readonly stagedConstants: ReadonlyMap<string, Tensor>;
  /** Pictures to `pixel_values` [N, 3, H, W]. */
  processImages(images: readonly RawImage[]): Float32Tensor;
  build(taps: VisionTaps): Graph;
  /** The output projection that belongs to the compared attention outputs of a layer, or null when they are compared without. */
  outputProjection(layer: number): Promise<OutputProjection | null>;
}

/** Opens a network for one metric in one mode. */
export type OpenVisionNetwork = (context: MetricContext, metric: MetricName, mode: ScoringMode) => Promise<VisionNetwork>;

/** What a run on pictures gave: output name to tensor [N, ...], `pixel_values` included. */
export type VisionOutputs = Readonly<Record<string, Tensor>>;

/** Authors a network with these taps; its weights are loaded by the first run. Throws tap/unknown at once. */
export function visionRunner(
  context: MetricContext,
  network: VisionNetwork,
  taps: VisionTaps,
): (images: readonly RawImage[]) => Promise<VisionOutputs> {
  const graph = network.build(taps);
  return async (images) => {
    const session = await context.sessions.get(graph, context.runtime);
    const pixels = network.processImages(images);
    return { pixel_values: pixels, ...(await session.run({ pixel_values: pixels })) };
  };
}

/** One run with taps that are needed once. */
export function runVisionNetwork(
  context: MetricContext,
  network: VisionNetwork,
  run: { readonly taps: VisionTaps; readonly images: readonly RawImage[] },
): Promise<VisionOutputs> {
  return visionRunner(context, network, run.taps)(run.images);
}

/** Picture `index` of a batched output, without the batch axis and with numbers of its own. */
export function imageOutput(outputs: VisionOutputs, name: string, index: number): Float32Tensor {
  const output = outputs[name];
  if (output?.dtype !== "float32") throw appError("internal/fault", `The graph has no float32 output ${name}.`);
  const [batch = 1, ...shape] = output.shape;
  const size = output.data.length / batch;
  return tensor(shape, output.data.slice(index * size, (index + 1) * size));
}

/** Attention features of picture `index` at a tapped layer. */
export function attentionFeatures(
  network: VisionNetwork,
  outputs: VisionOutputs,
  at: { readonly layer: number; readonly index: number },
): AttentionFeatures {
  const part = (name: string) => imageOutput(outputs, `layer${at.layer}.${name}`, at.index).data;
  const { heads, headDim, grid } = network;
  const tokens = grid.prefix + grid.rows * grid.columns;
  return { heads, headDim, tokens, grid, query: part("q"), key: part("k"), value: part("v"), output: part("sdpa") };
}

/** The layer the library measures when none is chosen: just before the middle, where looks and things are both still told apart. */
export function defaultLayer(network: VisionNetwork): number {
  return Math.floor((network.layers - 1) / 2);
}

/** Where among `layers` the one layer stands whose score is the score of the pair: the default layer, if it is among them. */
export function shownLayer(network: VisionNetwork, layers: readonly number[]): number {
  return Math.max(0, layers.indexOf(defaultLayer(network)));
}

/** The layers a person chose, or all of them. */
export function chosenLayers(network: VisionNetwork, options: CompareOptions): readonly number[] {
  return options.layer === undefined || options.layer.length === 0
    ? Array.from({ length: network.layers }, (_, layer) => layer)
    : options.layer;
}

/** The recipe of a metric on a vision network. Bump `version` when the numbers of unchanged inputs change. */
export function visionRecipe(
  network: VisionNetwork,
  at: { readonly metric: MetricName; readonly mode: ScoringMode; readonly tap: string },
): FeatureRecipe {
  return {
    metric: at.metric,
    family: network.model.family,
    modelSha256: network.model.sha256,
    mode: at.mode,
    precision: "float32",
    tap: at.tap,
    imageSize: network.imageSize,
    parameters: network.parameters,
    version: 1,
  };
}
