/** @file What every metric offers. One folder per metric family, one row each in `registry.ts`. */
import type { FeatureRecipe, MetricName, ModelFamilyId, Precision, ScoringMode, SimilarityMeasure } from "#shared/domain/feature-recipe";
import type { BlindSpot, MetricCard, Question } from "#shared/domain/model-card";
import type { TokenGrid } from "#shared/domain/score";
import type { MaskImage, RawImage } from "../../platform/raw-image";
import type { GraphPlace } from "../graph/opset";
import type { ModelFolder } from "../models/model-folder";
import type { ScoreBlend } from "../retrieval/candidate-vector";
import type { SessionPool } from "../runtime/session-pool";
import type { AttentionFeatures } from "../scoring/attention-features";
import type { PairAlignment } from "../scoring/foreground-score";
import type { Tensor } from "../tensor/tensor";
import type { Checkpoint } from "../weights/checkpoint";
import type { FeaturePass } from "./feature-pass";

/** What is kept of one picture for one recipe. */
export interface ImageFeatures {
  /** Unit norm; candidates are found by it. */
  readonly pooled: Float32Array;
  /** For exact scores; `null` when the pooled vector is all the metric uses. */
  readonly attention: AttentionFeatures | null;
}

/** One side of a scored pair, patch tokens only, row by row. */
export interface PairMap {
  readonly grid: TokenGrid;
  /** Cosine of each patch's attention outputs: how far its likes are found in the other picture. */
  readonly heat: Float32Array;
  /** Index of the best patch of the other picture. */
  readonly match: Int32Array;
}

/** The exact score of a pair. Directions and maps are `null` for metrics without tokens. */
export interface PairScore {
  readonly score: number;
  readonly directions: { readonly ab: number | null; readonly ba: number | null };
  readonly a: PairMap | null;
  readonly b: PairMap | null;
  /** What the score owes to its tokens; left out where it is not made of them. */
  readonly alignment?: PairAlignment;
}

/** What is wanted of a pair: its score alone, or with what it comes from, where the metric can tell. */
export type ScoreDetail = "score" | "maps";

/** Turns pictures into features that may be stored, and scores stored features. */
export interface FeatureExtractor {
  readonly recipe: FeatureRecipe;
  extract(images: readonly RawImage[]): Promise<readonly ImageFeatures[]>;
  /** Where the features come from a pass of a network that other extractors may share. */
  readonly pass?: FeaturePass;
  /** Exact scores of one picture against others of the same recipe, with maps unless told otherwise; their numbers do not depend on it. */
  score(query: ImageFeatures, targets: readonly ImageFeatures[], detail?: ScoreDetail): Promise<readonly PairScore[]>;
  dispose(): Promise<void>;
}

/** Everything a person may set for one comparison; what is left out has the metric's own default. */
export interface CompareOptions {
  readonly mode?: ScoringMode;
  readonly similarity?: SimilarityMeasure;
  readonly precision?: Precision;
  readonly block?: "down_blocks" | "mid_block" | "up_blocks";
  readonly layer?: readonly number[];
  readonly tap?: string;
  /** Index into the scheduler's timesteps, as the published code counts. */
  readonly step?: number;
  /** A timestep itself. */
  readonly timestep?: number;
  readonly size?: number;
  readonly seed?: number;
  readonly noiseSeeds?: readonly number[];
  /** Mean over the pictures and their mirror images; not in published mode. */
  readonly flip?: boolean;
  readonly prompt?: string;
  readonly negativePrompt?: string;
  /** What counts of each picture, for metrics that can leave the rest out; null or left out is up to the metric. */
  readonly masks?: { readonly a: MaskImage | null; readonly b: MaskImage | null };
  /** Keep every staged tensor under the names the golden cases use. */
  readonly keepTensors?: boolean;
}

/** The options that only some metrics look at. */
export type MetricOption = Exclude<keyof CompareOptions, "mode" | "similarity" | "precision" | "masks" | "keepTensors">;

/** Time spent in the stages of a comparison. */
export interface CompareMilliseconds {
  readonly decode?: number;
  readonly text?: number;
  readonly vae?: number;
  /** The picture through the encoder and the adapter of an IP-Adapter. */
  readonly image?: number;
  readonly unet?: number;
  readonly score?: number;
  readonly total: number;
}

/** The answer of `semblance compare`. */
export interface PairComparison {
  readonly score: number;
  readonly directions: { readonly ab: number | null; readonly ba: number | null };
  /** One score per layer when no layer was chosen. */
  readonly scores?: readonly number[];
  readonly similarity: SimilarityMeasure;
  readonly recipe: FeatureRecipe;
  readonly milliseconds: CompareMilliseconds;
  /** Staged tensors, when asked for. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** Files a metric may take beside its model. */
export interface Companions {
  /** The weights of an IP-Adapter. */
  readonly ipAdapter: Checkpoint | null;
  /** The CLIP image encoder the adapter was trained with. */
  readonly imageEncoder: ModelFolder | null;
  /** Weights that replace or complete a part of the model: a drop-in U-Net, the linear layers of LPIPS. */
  readonly weights: Checkpoint | null;
}

export interface MetricContext {
  /** The opened model; `null` only for metrics without one. */
  readonly checkpoint: ModelFolder | null;
  /** Left out where there are none. */
  readonly companions?: Companions;
  readonly runtime: GraphPlace & { readonly threads: number };
  readonly sessions: SessionPool;
}

/** What is said of a metric where it is named; constant, so that no model has to be opened for it. */
export interface MetricFacts {
  readonly name: MetricName;
  /** As a person reads it. */
  readonly title: string;
  /** What it looks at, in one line. */
  readonly hint: string;
  /** The model it needs, as the end of "it needs ...". */
  readonly modelWords: string;
  /** What it answers best. */
  readonly question: Question;
  /** The families whose models run it; the first is the usual one. */
  readonly families: readonly [ModelFamilyId, ...ModelFamilyId[]];
  readonly direction: "similarity" | "distance";
  /** The voter of the ensemble this metric speaks for. */
  readonly vote: "diffsim" | "clip" | "dino" | "starter" | null;
  /** Whether its features hold tokens, which maps are made of. */
  readonly hasTokens: boolean;
  /** Whether its score needs the tokens; otherwise it is the cosine of the pooled vectors, and there is nothing to rank again. */
  readonly ranksByTokens: boolean;
  /** What its ranking score is made of, for pooled vectors of this length; left out where it is the alignment of the tokens alone. */
  readonly blend?: (pooledLength: number) => ScoreBlend;
  /** A measured share of human choices, with the set it was measured on. */
  readonly accuracy?: NonNullable<MetricCard["accuracy"]>;
  /** Place among the metrics that answer a question when nobody names one: of those the whole library is measured with, the smallest number answers. */
  readonly preference?: Readonly<Partial<Record<Question, number>>>;
  /** What it hardly sees; measured, not supposed. */
  readonly blindTo?: readonly BlindSpot[];
  /** Which options it looks at, of those that only some metrics do; a person who gives another is told. */
  readonly heeds: readonly MetricOption[];
  /** Whether it can leave out what does not count; others refuse masks. */
  readonly takesMasks?: true;
  /** Whether the published code reads pictures as they are stored, whatever their EXIF orientation says. */
  readonly publishedIgnoresOrientation?: true;
  /** Companion files it cannot do without. */
  readonly needs?: readonly (keyof Companions)[];
}

/** One thing about a metric that can be chosen, with its alternatives. */
export interface SettingAxis {
  readonly name: "tap" | "step" | "size";
  readonly alternatives: readonly { readonly label: string; readonly options: CompareOptions }[];
}

/** One row of the registry: the facts and the two ways in. */
export interface MetricDefinition extends MetricFacts {
  /** What a model of the family must have beyond its usual tensors; everything runs where this is left out. */
  runsOn?(model: ModelFolder): boolean;
  /** Whether a model enables it by itself, without companions that only a person can name; every model it runs on does where this is left out. */
  isEnabledBy?(model: ModelFolder): boolean;
  /** What can be chosen on a model; left out where nothing can. */
  settings?(model: ModelFolder): readonly SettingAxis[];
  /** The parity surface: one pair, every option, published or corrected mode. */
  comparePair(context: MetricContext, a: RawImage, b: RawImage, options: CompareOptions): Promise<PairComparison>;
  /** The library surface, always in corrected mode: features per picture, which may be stored. */
  createExtractor?(context: MetricContext, options: CompareOptions): Promise<FeatureExtractor>;
}
