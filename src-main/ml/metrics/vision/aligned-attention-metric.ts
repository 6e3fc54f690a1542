/**
 * @file The Aligned Attention Score on a layer of a vision transformer (CLIP AAS, DINOv2 AAS).
 * Source: Song et al., "DiffSim", ICCV 2025, eq. 1-3; metrics/clip_i.py and metrics/dino.py of the published code (quirks C1-C8 and D1-D2).
 */
import type { SimilarityMeasure } from "#shared/domain/feature-recipe";
import type { RawImage } from "../../../platform/raw-image";
import { layerAttentionTaps, noTaps } from "../../models/vision-taps";
import { createAlignedAttention, type AlignedAttention, type AlignedScore } from "../../scoring/aligned-attention";
import type { AttentionFeatures } from "../../scoring/attention-features";
import { meanOutput } from "../../scoring/mean-output";
import type { Tensor } from "../../tensor/tensor";
import { extractByPass } from "../feature-pass";
import type { CompareOptions, FeatureExtractor, MetricContext, MetricDefinition, PairComparison } from "../metric";
import { pairScore, scoreAlone } from "./pair-score";
import { requiredAttention } from "./required-attention";
import type { VisionMetricRow } from "./metric-row";
import { stageAttention, stageNetwork } from "./staged-tensors";
import {
  attentionFeatures,
  chosenLayers,
  defaultLayer,
  imageOutput,
  runVisionNetwork,
  shownLayer,
  tappedNumbers,
  visionPass,
  visionRecipe,
  type OpenVisionNetwork,
  type VisionNetwork,
} from "./vision-network";
import { unit } from "../../tensor/linear-algebra";

/** A metric that scores pairs by AAS at one encoder layer, or at every layer when none is chosen. */
export function alignedAttentionMetric(row: VisionMetricRow, open: OpenVisionNetwork): MetricDefinition {
  return {
    ...row,
    direction: "similarity",
    heeds: ["layer"],
    hasTokens: true,
    ranksByTokens: true,
    comparePair: async (context, a, b, options) => {
      const network = await open(context, row.name, options.mode ?? "published");
      return compareLayers(context, network, { row, images: [a, b], options });
    },
    createExtractor: async (context, options) => {
      const network = await open(context, row.name, options.mode ?? "corrected");
      return layerExtractor(context, network, { row, options });
    },
  };
}

interface Comparison {
  readonly row: VisionMetricRow;
  readonly images: readonly [RawImage, RawImage];
  readonly options: CompareOptions;
}

async function compareLayers(
  context: MetricContext,
  network: VisionNetwork,
  { row, images, options }: Comparison,
): Promise<PairComparison> {
  const started = performance.now();
  const layers = chosenLayers(network, options);
  const similarity = options.similarity ?? "cosine";
  const tensors = new Map<string, Tensor>();
  const taps =
    options.keepTensors === true
      ? { attention: layers, hiddenStates: Array.from({ length: network.layers }, (_, layer) => layer), embedding: true, stages: true }
      : { ...noTaps, attention: layers };
  const outputs = await runVisionNetwork(context, network, { taps, images });
  if (options.keepTensors === true) stageNetwork(tensors, network, outputs);
  const scores: LayerScore[] = [];
  for (const layer of layers) {
    const pair = [0, 1].map((index) => attentionFeatures(network, layer, (tap) => imageOutput(outputs, tap, index).data)) as [
      AttentionFeatures,
      AttentionFeatures,
    ];
    if (options.keepTensors === true)
      await stageAttention(tensors, context, { layer, pair, projection: await network.outputProjection(layer) });
    scores.push(await scoreLayer(context, network, { layer, pair, similarity }));
  }
  const shown = scores[shownLayer(network, layers)] as LayerScore;
  return {
    score: shown.score,
    directions: { ab: shown.ab, ba: shown.ba },
    ...(layers.length === 1 ? {} : { scores: scores.map(({ score }) => score) }),
    similarity,
    recipe: visionRecipe(network, {
      metric: row.name,
      mode: options.mode ?? "published",
      tap: layers.map((layer) => `layer ${layer}`).join(", "),
    }),
    milliseconds: { total: performance.now() - started },
    tensors,
  };
}

interface LayerScore {
  readonly score: number;
  readonly ab: number;
  readonly ba: number;
}

async function scoreLayer(
  context: MetricContext,
  network: VisionNetwork,
  at: { readonly layer: number; readonly pair: readonly [AttentionFeatures, AttentionFeatures]; readonly similarity: SimilarityMeasure },
): Promise<LayerScore> {
  const aligned = await alignedAttentionOf(context, network, at.layer);
  const [score] = (await aligned.score(at.pair[0], [at.pair[1]])) as [AlignedScore];
  const [ab, ba] = at.similarity === "cosine" ? [score.ab, score.ba] : [score.mseAb, score.mseBa];
  return { ab, ba, score: (ab + ba) / 2 };
}

async function alignedAttentionOf(context: MetricContext, network: VisionNetwork, layer: number): Promise<AlignedAttention> {
  const projection = await network.outputProjection(layer);
  const { heads, headDim } = network;
  return createAlignedAttention({
    heads,
    headDim,
    ...(projection === null ? {} : { projection }),
    ...context.runtime,
    sessions: context.sessions,
  });
}

/** Features of one layer. Candidates are found by the mean attention output over all tokens. */
async function layerExtractor(
  context: MetricContext,
  network: VisionNetwork,
  { row, options }: { readonly row: VisionMetricRow; readonly options: CompareOptions },
): Promise<FeatureExtractor> {
  const layer = options.layer?.[0] ?? defaultLayer(network);
  const aligned = await alignedAttentionOf(context, network, layer);
  const mode = options.mode ?? "corrected";
  const pass = visionPass(context, network, {
    mode,
    taps: layerAttentionTaps(layer),
    features: (tapped) => {
      const attention = attentionFeatures(network, layer, (tap) => tappedNumbers(tapped, tap));
      return { attention, pooled: unit(meanOutput(attention)) };
    },
  });
  return {
    recipe: visionRecipe(network, { metric: row.name, mode, tap: `layer ${layer}` }),
    pass,
    extract: (images) => extractByPass(pass, images),
    score: async (query, targets, detail) => {
      const a = requiredAttention(query);
      const others = targets.map(requiredAttention);
      if (detail === "score") return (await aligned.cosines(a, others)).map((cosines) => scoreAlone(cosines));
      const scores = await aligned.score(a, others);
      return scores.map((score, i) => pairScore(score, { a: a.grid, b: (others[i] as AttentionFeatures).grid }));
    },
    dispose: () => Promise.resolve(),
  };
}
