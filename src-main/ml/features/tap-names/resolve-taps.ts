/** @file From any name of a tap to the value of the U-Net it means. All vocabularies are read off the network's own list of taps. */
import { appError } from "#shared/domain/app-error";
import { nearestNames } from "#shared/lib/edit-distance";
import { cleanDiftKeys, cleanDiftPaths, dottedPath } from "./module-path";
import { tapPresets, type UNetKind } from "./presets";
import { vocabularyName } from "./vocabulary";

/** What there is to choose from. */
export interface TapVocabulary {
  readonly kind: UNetKind;
  /** Module paths of all taps, in execution order. */
  readonly paths: readonly string[];
}

/** One tap as it was asked for. */
export interface ResolvedTap {
  readonly name: string;
  /** Module path, which is the name of the tap in the graph. */
  readonly path: string;
  /** Place in the order of execution. */
  readonly place: number;
}

/** Module paths by the names that are no paths. */
export interface TapNames {
  readonly activations: ReadonlyMap<string, string>;
  readonly keys: ReadonlyMap<string, string>;
}

/** How many near names an error shows. */
const shownNames = 5;

/** The activations of generic-diffusion-feature and the keys of CleanDIFT that a U-Net has. */
export function tapNames({ paths }: TapVocabulary): TapNames {
  const there = new Set(paths);
  const upBlocks = paths.filter((path) => /^up_blocks\.\d+$/.test(path)).length;
  const keyed = (key: string) => cleanDiftPaths(key, upBlocks).find((path) => there.has(path));
  return {
    activations: new Map(paths.flatMap((path) => pair(vocabularyName(path), path))),
    keys: new Map(cleanDiftKeys(upBlocks).flatMap((key) => pair(key, keyed(key)))),
  };
}

function pair(name: string | null, path: string | undefined): readonly (readonly [name: string, path: string])[] {
  return name === null || path === undefined ? [] : [[name, path]];
}

/**
 * The taps behind `names`, each name once. A name is an activation of generic-diffusion-feature, a position of sdhelper, a key of CleanDIFT, a module path of
 * diffusers, or that of a recommended set, which stands for all of its taps.
 *
 * @throws tap/unknown with the nearest names there are
 */
export function resolveTaps(vocabulary: TapVocabulary, names: readonly string[]): readonly ResolvedTap[] {
  const { kind, paths } = vocabulary;
  const { activations, keys } = tapNames(vocabulary);
  const places = new Map(paths.map((path, i) => [path, i]));
  const expanded = new Set(names.flatMap((name) => tapPresets.get(name)?.[kind] ?? [name]));
  return [...expanded].map((name): ResolvedTap => {
    const path = activations.get(name) ?? keys.get(name) ?? dottedPath(name);
    const place = places.get(path);
    if (place === undefined) throw unknownTap(name, [...activations.keys(), ...keys.keys(), ...tapPresets.keys(), ...paths]);
    return { name, path, place };
  });
}

function unknownTap(name: string, known: readonly string[]): Error {
  const near = nearestNames(name, known, shownNames);
  return appError("tap/unknown", `This U-Net has no tap "${name}".`, {
    hint: `The nearest: ${near.join(", ")}. \`semblance features --list-taps --checkpoint MODEL\` lists them all.`,
  });
}
