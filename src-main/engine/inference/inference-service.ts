/** @file What the engine asks of the models. One interface, two places to run: in this process, or in a worker thread. */
import type { ActiveDevice, Device, DeviceFallback, DeviceId, DeviceSelfTest } from "#shared/domain/device";
import type { AppErrorShape } from "#shared/domain/app-error";
import type { FeatureRecipe, MetricName } from "#shared/domain/feature-recipe";
import type { TapOptions } from "../../ml/features/tapped-features";
import type { TapList } from "../../ml/features/diffusion/unet-taps";
import type {
  Companions,
  CompareOptions,
  ImageFeatures,
  PairComparison,
  PairScore,
  ScoreDetail,
  SettingAxis,
} from "../../ml/metrics/metric";
import type { Tensor } from "../../ml/tensor/tensor";
import type { RawImage } from "../../platform/raw-image";

/** Files beside the model, by their role: see `Companions` of the metrics; `vae` takes the place of the model's own autoencoder. */
export type CompanionPaths = Readonly<Partial<Record<keyof Companions | "vae", string>>>;

/** The weights something runs on. `modelPath` null is the bundled starter. */
export interface ModelChoice {
  readonly modelPath: string | null;
  readonly companions?: CompanionPaths;
}

/** Names one extractor: a metric over one model, under the metric's own settings where none are given. */
export interface ExtractorKey extends ModelChoice {
  readonly metric: MetricName;
  readonly options?: CompareOptions;
}

/** One pair under one metric with every option of the published code. */
export interface ComparePairRequest extends ModelChoice {
  readonly metric: MetricName;
  readonly a: RawImage;
  readonly b: RawImage;
  readonly options: CompareOptions;
}

/** Taps of one model on one picture. */
export interface TapRequest extends TapOptions, ModelChoice {
  readonly image: RawImage;
}

export interface InferenceService {
  /** Opens the extractor (weights are read on first use) and says what decides its numbers. */
  openExtractor(key: ExtractorKey): Promise<FeatureRecipe>;
  /** Features of one picture under several extractors, in their order. */
  extract(keys: readonly ExtractorKey[], image: RawImage): Promise<readonly ImageFeatures[]>;
  /** Exact scores of a picture against others, with maps unless told otherwise; features must come from the same recipe. */
  score(key: ExtractorKey, query: ImageFeatures, targets: readonly ImageFeatures[], detail?: ScoreDetail): Promise<readonly PairScore[]>;
  /** What can be chosen about a metric on a model; empty when nothing can. */
  settings(metric: MetricName, choice: ModelChoice): Promise<readonly SettingAxis[]>;
  comparePair(request: ComparePairRequest): Promise<PairComparison>;
  /** Inner values of a network for one picture, by the names of its taps. */
  tap(request: TapRequest): Promise<ReadonlyMap<string, Tensor>>;
  /** What there is to tap in a U-Net, under all names. */
  listTaps(request: ModelChoice & Pick<TapOptions, "recipe" | "options">): Promise<TapList>;
  /** The device that runs the models, after "auto" was resolved, and what it stands in for. */
  device(): Promise<ActiveDevice>;
  devices(): Promise<readonly Device[]>;
  /** Runs everything on `device` from now on; it is tested before its first use unless it `isTested`. Throws device/unavailable. */
  chooseDevice(device: DeviceId, isTested?: boolean): Promise<Device>;
  selfTest(device: DeviceId): Promise<DeviceSelfTest>;
  dispose(): Promise<void>;
}

/** Methods that cross the border to a worker: all of them. */
export type InferenceMethod = keyof InferenceService;

/** Where float32 copies of large weights are kept, and from which size on. */
export interface WeightCopies {
  readonly folder: string;
  readonly minBytes: number;
}

/** How the models are to run. */
export interface InferenceOptions {
  readonly device: DeviceId | null;
  readonly threads: number | null;
  /** Whether the device passed its self-test under this driver and runtime; one that has not is tested before its first use. */
  readonly isDeviceTested?: boolean;
  /** What an earlier process gave up; the processor runs in its place. */
  readonly fallback?: DeviceFallback | null;
  /** The usual place and size when left out. */
  readonly weightCopies?: WeightCopies;
}

/** What becomes of devices while models run: one was given up, or tested before its first use. */
export type DeviceNews =
  | { readonly kind: "fallback"; readonly fallback: DeviceFallback }
  | { readonly kind: "tested"; readonly device: DeviceId; readonly result: DeviceSelfTest };

export type OnDeviceNews = (news: DeviceNews) => void;

/** What becomes of large weights before their first use: copies of them are being made, or cannot be made, so that they are loaded as they are. */
export type WeightNews =
  | { readonly kind: "preparing"; readonly doneBytes: number; readonly totalBytes: number }
  | { readonly kind: "unprepared"; readonly reason: AppErrorShape };

export type InferenceNews = DeviceNews | WeightNews;
export type OnNews = (news: InferenceNews) => void;
