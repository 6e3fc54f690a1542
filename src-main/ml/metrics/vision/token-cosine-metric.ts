/**
 * @file One cosine over all tokens of a layer, flattened (CLIP features, DINOv2 features).
 * Source: metrics/clip_i.py `clip_feature_score`, metrics/dino.py `dino_feature_score` of the published DiffSim code. They tap different stages (quirk D3):
 * CLIP's is the layer's output hidden states, DINOv2's the attention output before its projection.
 */
import { appError } from "#shared/domain/app-error";
import type { RawImage } from "../../../platform/raw-image";
import { noTaps, type VisionTaps } from "../../models/vision-taps";
import type { Tensor } from "../../tensor/tensor";
import type { CompareOptions, MetricContext, MetricDefinition, PairComparison } from "../metric";
import type { VisionMetricRow } from "./metric-row";
import { stageNetwork } from "./staged-tensors";
import { cosine } from "../../tensor/linear-algebra";
import {
  chosenLayers,
  shownLayer,
  imageOutput,
  runVisionNetwork,
  visionRecipe,
  type OpenVisionNetwork,
  type VisionNetwork,
} from "./vision-network";

export interface TokenCosineOptions {
  readonly row: VisionMetricRow;
  readonly open: OpenVisionNetwork;
  /** Which tokens of a layer are compared. */
  readonly tokens: "hidden-states" | "attention-output";
}

/** A metric for comparing pairs only: its tokens are too many to be stored for a library. */
export function tokenCosineMetric(metric: TokenCosineOptions): MetricDefinition {
  return {
    ...metric.row,
    direction: "similarity",
    heeds: ["layer"],
    hasTokens: false,
    ranksByTokens: false,
    comparePair: async (context, a, b, options) => {
      if (options.similarity === "mse")
        throw appError("usage/invalid", `${metric.row.name} is a cosine of tokens and has no mse.`, { hint: "Leave out --similarity." });
      const network = await metric.open(context, metric.row.name, options.mode ?? "published");
      return compareTokens(context, network, { metric, images: [a, b], options });
    },
  };
}

async function compareTokens(
  context: MetricContext,
  network: VisionNetwork,
  {
    metric,
    images,
    options,
  }: { readonly metric: TokenCosineOptions; readonly images: readonly RawImage[]; readonly options: CompareOptions },
): Promise<PairComparison> {
  const started = performance.now();
  const layers = chosenLayers(network, options);
  const isHidden = metric.tokens === "hidden-states";
  const taps: VisionTaps = { ...noTaps, ...(isHidden ? { hiddenStates: layers } : { attention: layers }) };
  const outputs = await runVisionNetwork(context, network, { taps, images });
  const scores = layers.map((layer) => {
    const name = isHidden ? `hidden${layer + 1}` : `layer${layer}.sdpa`;
    return cosine(imageOutput(outputs, name, 0).data, imageOutput(outputs, name, 1).data);
  });
  const tensors = new Map<string, Tensor>();
  if (options.keepTensors === true) stageNetwork(tensors, network, outputs);
  return {
    score: scores[shownLayer(network, layers)] ?? 0,
    directions: { ab: null, ba: null },
    ...(layers.length === 1 ? {} : { scores }),
    similarity: "cosine",
    recipe: visionRecipe(network, {
      metric: metric.row.name,
      mode: options.mode ?? "published",
      tap: layers.map((layer) => `layer ${layer}`).join(", "),
    }),
    milliseconds: { total: performance.now() - started },
    tensors,
  };
}
