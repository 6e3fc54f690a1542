/** @file From any name of a tap to the value of the U-Net it means. All vocabularies are read off the network's own list of taps. */
import { appError } from "#shared/domain/app-error";
import { editDistance } from "./edit-distance";
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

/** How many near names an error shows. */
const shownNames = 5;

/**
 * The taps behind `names`, each name once. A name is an activation of generic-diffusion-feature, a position of sdhelper, a key of CleanDIFT,
 * a module path of diffusers, or that of a recommended set, which stands for all of its taps.
 *
 * @throws tap/unknown with the nearest names there are
 */
export function resolveTaps({ kind, paths }: TapVocabulary, names: readonly string[]): readonly ResolvedTap[] {
  const place = new Map(paths.map((path, i) => [path, i]));
  const activations = new Map(paths.map((path) => [vocabularyName(path) ?? path, path]));
  const upBlocks = paths.filter((path) => /^up_blocks\.\d+$/.test(path)).length;
  const expanded = new Set(names.flatMap((name) => tapPresets[name]?.[kind] ?? [name]));
  return [...expanded].map((name): ResolvedTap => {
    const candidates = [activations.get(name) ?? dottedPath(name), ...cleanDiftPaths(name, upBlocks)];
    const path = candidates.find((candidate) => place.has(candidate));
    if (path === undefined) throw unknownTap(name, [...activations.keys(), ...cleanDiftKeys(upBlocks), ...paths]);
    return { name, path, place: place.get(path) ?? 0 };
  });
}

function unknownTap(name: string, known: readonly string[]): Error {
  const near = [...new Set(known)]
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, shownNames)
    .map(({ candidate }) => candidate);
  return appError("tap/unknown", `This U-Net has no tap "${name}".`, {
    hint: `The nearest: ${near.join(", ")}. \`semblance features --list-taps --checkpoint MODEL\` lists them all; sets: ${Object.keys(tapPresets).join(", ")}.`,
  });
}
