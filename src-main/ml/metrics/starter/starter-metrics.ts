/**
 * @file The two metrics of the bundled model: the same marks and medium (style), the same thing (subject).
 * The learned heads rank; the tokens, compared by the AAS formula, tell where. See resources/starter/MODEL_CARD.md.
 */
import { appError } from "#shared/domain/app-error";
import type { FeatureRecipe, MetricName } from "#shared/domain/feature-recipe";
import { defined } from "#shared/lib/assert";
import type { RawImage } from "../../../platform/raw-image";
import type { StarterOutput } from "../../models/starter/config";
import { starterTokenSize } from "../../models/starter/starter";
import { createAlignedAttention, type AlignedAttention, type AlignedCosines } from "../../scoring/aligned-attention";
import type { CompareOptions, FeatureExtractor, MetricContext, MetricDefinition, PairComparison, PairScore, ScoreDetail } from "../metric";
import { pairScore, scoreAlone } from "../vision/pair-score";
import { requiredAttention } from "../vision/required-attention";
import { dot } from "../../tensor/linear-algebra";
import { headCosines, headFactors } from "./pooled-heads";
import { alignmentShare, subjectScore, subjectWeights } from "./ranking-score";
import { openStarterPass, type StarterPass } from "./starter-pass";

const source = "Starter model card: held-out emoji sets, two-alternative choices";

export const starterStyle = starterMetric("style", {
  name: "starter-style",
  title: "Starter: style",
  hint: "The model that comes with the app: looks, medium and marks.",
  modelWords: "the starter model",
  question: "style",
  heeds: [],
  ranksByTokens: false,
  accuracy: { percent: 82.8, set: "Emoji", trials: 800, source },
  preference: { style: 9 },
});
export const starterSubject = starterMetric("subject", {
  name: "starter-subject",
  title: "Starter: subject",
  hint: "The model that comes with the app: the thing that is shown.",
  modelWords: "the starter model",
  question: "instance",
  heeds: [],
  ranksByTokens: true,
  blend: (length) => ({
    alignment: subjectWeights.alignment,
    pooled: headFactors(length, { own: subjectWeights.subject, other: subjectWeights.style }),
  }),
  accuracy: { percent: 95.5, set: "Emoji", trials: 800, source },
  blindTo: ["colour"],
  preference: { instance: 9, semantic: 9 },
});

type StarterFacts = Pick<
  MetricDefinition,
  "name" | "title" | "hint" | "modelWords" | "heeds" | "question" | "ranksByTokens" | "blend" | "accuracy" | "blindTo" | "preference"
>;

/** `compare` answers the head's cosine as the score and the token AAS as the directions; a ranking by subject goes by {@link subjectScore}. */
function starterMetric(output: StarterOutput, facts: StarterFacts): MetricDefinition {
  const { name } = facts;
  return {
    ...facts,
    families: ["starter"],
    direction: "similarity",
    vote: "starter",
    hasTokens: true,
    comparePair: async (context, a, b, options) => compare(context, { name, output, images: [a, b], options }),
    createExtractor: async (context) => {
      const pass = await openStarterPass(context);
      return extractor(pass, await alignedTokens(context), { name, output });
    },
  };
}

/** A score from the stored vectors of two pictures and the mean of both directions of their tokens' AAS. */
interface Scoring {
  score(a: Float32Array, b: Float32Array, alignment: number): number;
  readonly alignmentShare: number;
}

const headScore: Readonly<Record<StarterOutput, Scoring>> = {
  style: { score: dot, alignmentShare: 0 },
  subject: { score: (a, b) => headCosines(a, b).own, alignmentShare: 0 },
};

const rankingScore: Readonly<Record<StarterOutput, Scoring>> = {
  style: headScore.style,
  subject: {
    score: (a, b, alignment) => {
      const { own, other } = headCosines(a, b);
      return subjectScore({ subject: own, style: other, alignment });
    },
    alignmentShare,
  },
};

interface Comparison {
  readonly name: MetricName;
  readonly output: StarterOutput;
  readonly images: readonly [RawImage, RawImage];
  readonly options: CompareOptions;
}

async function compare(context: MetricContext, { name, output, images, options }: Comparison): Promise<PairComparison> {
  if (options.similarity === "mse")
    throw appError("usage/invalid", `${name} is a cosine and has no mse.`, { hint: "Leave out --similarity." });
  const started = performance.now();
  const pass = await openStarterPass(context);
  const [a, b] = (await pass.features(images)).map((features) => features[output]);
  if (a === undefined || b === undefined) throw new Error("two pictures give two features");
  const [score] = await scorePairs(await alignedTokens(context), { query: a, targets: [b], scoring: headScore[output], detail: "score" });
  return {
    score: score?.score ?? 0,
    directions: score?.directions ?? { ab: null, ba: null },
    similarity: "cosine",
    recipe: starterRecipe(pass, name, output),
    milliseconds: { total: performance.now() - started },
    tensors: options.keepTensors === true ? await pass.stages(...images) : new Map(),
  };
}

function extractor(
  pass: StarterPass,
  aligned: AlignedAttention,
  { name, output }: { readonly name: MetricName; readonly output: StarterOutput },
): FeatureExtractor {
  return {
    recipe: starterRecipe(pass, name, output),
    extract: async (images) => (await pass.features(images)).map((features) => features[output]),
    score: (query, targets, detail = "maps") => scorePairs(aligned, { query, targets, scoring: rankingScore[output], detail }),
    dispose: () => Promise.resolve(),
  };
}

type FeaturesOfOne = Parameters<FeatureExtractor["score"]>[0];

async function scorePairs(
  aligned: AlignedAttention,
  pairs: {
    readonly query: FeaturesOfOne;
    readonly targets: readonly FeaturesOfOne[];
    readonly scoring: Scoring;
    readonly detail: ScoreDetail;
  },
): Promise<readonly PairScore[]> {
  const { query, targets, scoring, detail } = pairs;
  const a = requiredAttention(query);
  const others = targets.map(requiredAttention);
  const scoreOf = (target: FeaturesOfOne, { ab, ba }: AlignedCosines) => scoring.score(query.pooled, target.pooled, (ab + ba) / 2);
  if (detail === "score") {
    const cosines = await aligned.cosines(a, others);
    return targets.map((target, i) => {
      const pair = defined(cosines[i], "one score a target");
      return scoreAlone(pair, scoreOf(target, pair));
    });
  }
  const scores = await aligned.score(a, others);
  return targets.map((target, i) => {
    const score = defined(scores[i], "one score a target");
    const grids = { a: a.grid, b: requiredAttention(target).grid };
    return pairScore(score, grids, {
      score: scoreOf(target, score),
      alignmentShare: scoring.alignmentShare,
    });
  });
}

function alignedTokens(context: MetricContext): Promise<AlignedAttention> {
  return createAlignedAttention({ heads: 1, headDim: starterTokenSize, ...context.runtime, sessions: context.sessions });
}

/** The starter has no published counterpart, so its mode is always the app's own. */
function starterRecipe(pass: StarterPass, metric: MetricName, output: StarterOutput): FeatureRecipe {
  const { config, model } = pass;
  return {
    metric,
    family: "starter",
    modelSha256: model.sha256,
    mode: "corrected",
    precision: "float32",
    tap: `head.${output} + token.${output} of ${config.tokens[output].tap}`,
    imageSize: config.imageSize,
    parameters: {},
    version: 1,
  };
}
