/** @file Which taps a U-Net has, by all their names, and what they give in one pass. */
import { listUNetTaps } from "../../models/stable-diffusion/unet";
import type { Shape } from "../../tensor/tensor";
import { tapPresets } from "../tap-names/presets";
import { resolveTaps, tapNames, type ResolvedTap, type TapVocabulary } from "../tap-names/resolve-taps";
import { featureShape } from "./feature-layout";
import type { UNetPass } from "./unet-pass";

/** One tap with its names. */
export interface TapListing {
  /** Module path. */
  readonly path: string;
  /** Name of generic-diffusion-feature. */
  readonly activation: string | null;
  /** Key of CleanDIFT. */
  readonly key: string | null;
  /** Under the activation's name, or under the path where there is none; without the batch axis. */
  readonly shape: Shape;
}

/** All taps of a U-Net in execution order, and the recommended sets. */
export interface TapList {
  readonly taps: readonly TapListing[];
  readonly sets: Readonly<Record<string, readonly string[]>>;
}

/** The taps behind `names`; see `resolveTaps`. */
export function resolvePassTaps(pass: UNetPass, names: readonly string[]): readonly ResolvedTap[] {
  return resolveTaps(vocabularyOf(pass).vocabulary, names);
}

/** Lists the taps of a U-Net with the shapes they have in this pass. Throws weights/... where the file does not fit its configuration. */
export function listPassTaps(pass: UNetPass): TapList {
  const { vocabulary, shapes } = vocabularyOf(pass);
  const { activations, keys } = tapNames(vocabulary);
  const [activationOf, keyOf] = [byPath(activations), byPath(keys)];
  const taps = vocabulary.paths.map((path, place): TapListing => {
    const activation = activationOf.get(path) ?? null;
    const shape = featureShape({ name: activation ?? path, path, place }, shapes.get(path) ?? []);
    return { path, activation, key: keyOf.get(path) ?? null, shape };
  });
  const sets = [...tapPresets].map(([name, set]) => [name, set[vocabulary.kind]] as const);
  return { taps, sets: Object.fromEntries(sets) };
}

function byPath(names: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...names].map(([name, path]) => [path, name]));
}

interface PassVocabulary {
  readonly vocabulary: TapVocabulary;
  readonly shapes: ReadonlyMap<string, Shape>;
}

/** Authoring a whole network takes a while, so its taps are listed once a size. */
const listed = new WeakMap<object, Map<number, PassVocabulary>>();

function vocabularyOf({ pipeline, size }: UNetPass): PassVocabulary {
  const bySize = listed.get(pipeline) ?? new Map<number, PassVocabulary>();
  listed.set(pipeline, bySize);
  const known = bySize.get(size) ?? listVocabulary(pipeline, size);
  bySize.set(size, known);
  return known;
}

function listVocabulary({ networks: { family, unet, textTowers } }: UNetPass["pipeline"], size: number): PassVocabulary {
  const side = Math.floor(size / 8);
  const textTokens = textTowers[0]?.config.maxPositionEmbeddings ?? 0;
  const taps = listUNetTaps(unet.weights, unet.config, { height: side, width: side, textTokens });
  return {
    vocabulary: { kind: family, paths: taps.map(({ name }) => name) },
    shapes: new Map(taps.map(({ name, shape }) => [name, shape])),
  };
}
