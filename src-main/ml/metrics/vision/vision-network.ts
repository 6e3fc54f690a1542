/** @file What the metrics of CLIP and DINOv2 have in common: a vision transformer that can be tapped, and how pictures get in. */
import { appError } from "#shared/domain/app-error";
import type { FeatureRecipe, MetricName, ScoringMode } from "#shared/domain/feature-recipe";
import type { RawImage } from "../../../platform/raw-image";
import type { Graph } from "../../graph/graph-core";
import type { ModelFolder } from "../../models/model-folder";
import { layerAttentionTaps, visionTaps, type VisionTaps } from "../../models/vision-taps";
import type { OutputProjection } from "../../scoring/aligned-attention-graph";
import type { AttentionFeatures, AttentionGrid } from "../../scoring/attention-features";
import { tensor, type Float32Tensor, type Tensor } from "../../tensor/tensor";
import type { FeaturePass, TappedImage } from "../feature-pass";
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

/** Runs the network as far as its last tap. Throws tap/unknown. */
export async function runVisionNetwork(
  context: MetricContext,
  network: VisionNetwork,
  run: { readonly taps: VisionTaps; readonly images: readonly RawImage[] },
): Promise<VisionOutputs> {
  const session = await context.sessions.get(network.build(run.taps), context.runtime);
  const pixels = network.processImages(run.images);
  return { pixel_values: pixels, ...(await session.run({ pixel_values: pixels })) };
}

/** A pass of the network that gives these outputs; it is shared by all metrics that open the same model in the same mode. Throws tap/unknown at once. */
export function visionPass(
  context: MetricContext,
  network: VisionNetwork,
  pass: Pick<FeaturePass, "taps" | "features"> & { readonly mode: ScoringMode },
): FeaturePass {
  const graphs = new Map<string, Graph>();
  const graphOf = (taps: readonly string[]): Graph => {
    const graph = graphs.get(taps.join()) ?? network.build(visionTaps(taps));
    graphs.set(taps.join(), graph);
    return graph;
  };
  graphOf(pass.taps);
  return {
    key: `${network.model.path} ${network.model.sha256} ${pass.mode}`,
    taps: pass.taps,
    features: pass.features,
    run: async (images, taps) => {
      const session = await context.sessions.get(graphOf(taps), context.runtime);
      const outputs = await session.run({ pixel_values: network.processImages(images) });
      return images.map((_, index) => new Map(taps.map((name) => [name, imageOutput(outputs, name, index)])));
    },
  };
}

/** Picture `index` of a batched output, without the batch axis and with numbers of its own. */
export function imageOutput(outputs: VisionOutputs, name: string, index: number): Float32Tensor {
  const output = outputs[name];
  if (output?.dtype !== "float32") throw appError("internal/fault", `The graph has no float32 output ${name}.`);
  const [batch = 1, ...shape] = output.shape;
  const size = output.data.length / batch;
  return tensor(shape, output.data.slice(index * size, (index + 1) * size));
}

/** The attention features of a layer whose four taps `numbersOf` gives. */
export function attentionFeatures(
  { heads, headDim, grid }: VisionNetwork,
  layer: number,
  numbersOf: (tap: string) => Float32Array,
): AttentionFeatures {
  const [query, key, value, output] = layerAttentionTaps(layer);
  const tokens = grid.prefix + grid.rows * grid.columns;
  const numbers = { query: numbersOf(query), key: numbersOf(key), value: numbersOf(value), output: numbersOf(output) };
  return { heads, headDim, tokens, grid, ...numbers };
}

/** The numbers of a tap of one picture. */
export function tappedNumbers(tapped: TappedImage, tap: string): Float32Array {
  const found = tapped.get(tap);
  if (found === undefined) throw appError("internal/fault", `The pass gave no ${tap}.`);
  return found.data;
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
