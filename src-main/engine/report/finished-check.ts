/** @file A check with what became of it: what every report of it is written from. */
import type { AssetId } from "#shared/domain/asset";
import type { CheckResult } from "#shared/domain/check";
import { combinedScores } from "#shared/domain/check-combine";
import { blindSpots } from "#shared/domain/check-recommendation";
import { type CheckSettings, type CheckSplit, splitCheck } from "#shared/domain/check-split";
import type { BlindSpot, MetricCard } from "#shared/domain/model-card";
import type { Store } from "../../data/store/store-types";
import type { PictureSource } from "../services/picture-source";

/** The impostor that a measure finds most alike. */
export interface NearestImpostor {
  readonly path: string;
  readonly score: number;
}

/** A check with its split. The same bytes may lie in several files; `pathsOf` has all that are asked about, and a picture it lacks lies where the result says. */
export interface FinishedCheck {
  readonly result: CheckResult;
  readonly split: CheckSplit;
  readonly settings: CheckSettings;
  readonly pathsOf: ReadonlyMap<AssetId, readonly string[]>;
  /** One entry a measure. */
  readonly nearestImpostors: readonly (NearestImpostor | null)[];
  /** How many impostors come with the program, because the library has too few pictures. */
  readonly bundledImpostors: number;
  /** What no measure of this check can see. */
  readonly blindSpots: readonly BlindSpot[];
}

export interface FinishParts {
  readonly store: Store;
  readonly pictures: PictureSource;
}

/** Splits an answer; `cards` are those of `metrics.list`. */
export async function finishCheck(
  { store, pictures }: FinishParts,
  { cards, ...check }: Pick<FinishedCheck, "result" | "settings" | "pathsOf"> & { readonly cards: readonly MetricCard[] },
): Promise<FinishedCheck> {
  const { result, settings } = check;
  return {
    ...check,
    split: splitCheck(result, settings),
    nearestImpostors: await nearestImpostors(pictures, result, settings),
    bundledImpostors: result.impostors.filter((id) => !store.assets.has(id)).length,
    blindSpots: blindSpots(
      result.measures.map(({ measure }) => measure),
      cards,
    ),
  };
}

/** What a person may want to look at: a picture that is no impostor at all moves the cut. */
async function nearestImpostors(
  pictures: PictureSource,
  { measures, impostors }: CheckResult,
  { combine }: CheckSettings,
): Promise<readonly (NearestImpostor | null)[]> {
  const found: (NearestImpostor | null)[] = [];
  for (const measured of measures) {
    const scores = combinedScores(measured, "impostors", combine);
    const score = Math.max(...scores.filter((each) => each !== null));
    const id = impostors[scores.indexOf(score)];
    const path = id === undefined ? null : await pictures.path(id).catch(() => null);
    found.push(path === null ? null : { path, score });
  }
  return found;
}
