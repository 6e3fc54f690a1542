/** @file One pass of a network over a picture serves every metric, layer and setting that differs only in where the network is tapped. */
import type { RawImage } from "../../platform/raw-image";
import type { Float32Tensor } from "../tensor/tensor";
import type { FeatureExtractor, ImageFeatures } from "./metric";

/** What a pass shows of one picture: tap to values, without the batch axis. */
export type TappedImage = ReadonlyMap<string, Float32Tensor>;

/** How an extractor gets its features out of a pass that others may share. */
export interface FeaturePass {
  /** Passes of equal keys show the same pictures to the same network in the same way. */
  readonly key: string;
  /** What this extractor needs. */
  readonly taps: readonly string[];
  /** One result a picture, with at least these taps. */
  run(images: readonly RawImage[], taps: readonly string[]): Promise<readonly TappedImage[]>;
  /** The features, of a result that has at least {@link taps}. */
  features(tapped: TappedImage): ImageFeatures;
}

/** `FeatureExtractor.extract` of an extractor with a pass. */
export async function extractByPass(pass: FeaturePass, images: readonly RawImage[]): Promise<readonly ImageFeatures[]> {
  return (await pass.run(images, pass.taps)).map((tapped) => pass.features(tapped));
}

/** Features of one picture under several extractors, in their order; each pass that some of them share is run once. */
export async function extractTogether(extractors: readonly FeatureExtractor[], image: RawImage): Promise<readonly ImageFeatures[]> {
  const passes = extractors.flatMap(({ pass }) => (pass === undefined ? [] : [pass]));
  const results = new Map<string, TappedImage | undefined>();
  for (const { key, run } of passes) {
    if (results.has(key)) continue;
    const taps = new Set(passes.filter((pass) => pass.key === key).flatMap((pass) => pass.taps));
    results.set(key, (await run([image], [...taps]))[0]);
  }
  const features: ImageFeatures[] = [];
  for (const { pass, extract } of extractors) {
    const tapped = pass === undefined ? undefined : results.get(pass.key);
    const [own] = pass === undefined || tapped === undefined ? await extract([image]) : [pass.features(tapped)];
    if (own === undefined) throw new Error("an extractor answered without features");
    features.push(own);
  }
  return features;
}
