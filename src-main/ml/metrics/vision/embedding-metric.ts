/**
 * @file Cosine of one embedding per picture (CLIP-I, DINOv2 CLS).
 * Source: metrics/clip_i.py `clipi_score` and metrics/dino.py `dino_score` of the published DiffSim code, which print 100 x cosine (quirk D4).
 */
import { appError } from "#shared/domain/app-error";
import type { ScoringMode } from "#shared/domain/feature-recipe";
import type { RawImage } from "../../../platform/raw-image";
import { noTaps } from "../../models/vision-taps";
import type { Tensor } from "../../tensor/tensor";
import { tensor } from "../../tensor/tensor";
import { extractByPass } from "../feature-pass";
import type { CompareOptions, FeatureExtractor, MetricContext, MetricDefinition, PairComparison } from "../metric";
import { scorePooled } from "../pooled-score";
import type { VisionMetricRow } from "./metric-row";
import { stageNetwork } from "./staged-tensors";
import { cosine, unit } from "../../tensor/linear-algebra";
import {
  imageOutput,
  runVisionNetwork,
  tappedNumbers,
  visionPass,
  visionRecipe,
  type OpenVisionNetwork,
  type VisionNetwork,
} from "./vision-network";

/** A metric that compares the pooled embedding of a network. Published mode scores 100 x cosine, corrected mode the cosine itself. */
export function embeddingMetric(row: VisionMetricRow, open: OpenVisionNetwork): MetricDefinition {
  return {
    ...row,
    direction: "similarity",
    heeds: [],
    hasTokens: false,
    ranksByTokens: false,
    comparePair: async (context, a, b, options) => {
      if (options.similarity === "mse")
        throw appError("usage/invalid", `${row.name} is a cosine of embeddings and has no mse.`, { hint: "Leave out --similarity." });
      const network = await open(context, row.name, options.mode ?? "published");
      return compareEmbeddings(context, network, { row, images: [a, b], options });
    },
    createExtractor: async (context, options) =>
      embeddingExtractor(context, await open(context, row.name, options.mode ?? "corrected"), { row, mode: options.mode ?? "corrected" }),
  };
}

async function compareEmbeddings(
  context: MetricContext,
  network: VisionNetwork,
  { row, images, options }: { readonly row: VisionMetricRow; readonly images: readonly RawImage[]; readonly options: CompareOptions },
): Promise<PairComparison> {
  const started = performance.now();
  const mode = options.mode ?? "published";
  const outputs = await runVisionNetwork(context, network, {
    taps: { ...noTaps, embedding: true, stages: options.keepTensors === true },
    images,
  });
  const [a, b] = [0, 1].map((index) => imageOutput(outputs, "embedding", index).data) as [Float32Array, Float32Array];
  const tensors = new Map<string, Tensor>();
  if (options.keepTensors === true) {
    stageNetwork(tensors, network, outputs);
    for (const [side, vector] of [
      ["a", a],
      ["b", b],
    ] as const) {
      tensors.set(`raw_${side}`, tensor([vector.length], vector));
      tensors.set(`embedding_${side}`, tensor([vector.length], unit(vector)));
    }
  }
  return {
    score: (mode === "published" ? 100 : 1) * cosine(a, b),
    directions: { ab: null, ba: null },
    similarity: "cosine",
    recipe: visionRecipe(network, { metric: row.name, mode, tap: "embedding" }),
    milliseconds: { total: performance.now() - started },
    tensors,
  };
}

function embeddingExtractor(
  context: MetricContext,
  network: VisionNetwork,
  { row, mode }: { readonly row: VisionMetricRow; readonly mode: ScoringMode },
): FeatureExtractor {
  const pass = visionPass(context, network, {
    mode,
    taps: ["embedding"],
    features: (tapped) => ({ pooled: unit(tappedNumbers(tapped, "embedding")), attention: null }),
  });
  const factor = mode === "published" ? 100 : 1;
  return {
    recipe: visionRecipe(network, { metric: row.name, mode, tap: "embedding" }),
    pass,
    extract: (images) => extractByPass(pass, images),
    score: (query, targets) => scorePooled(query, targets, factor),
    dispose: () => Promise.resolve(),
  };
}
