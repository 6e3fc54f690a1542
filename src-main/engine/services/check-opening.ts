/** @file What a check is made of before anything is scored: its pictures, which of them are near-duplicates, and who stands for all that is something else. */
import { appError, toAppError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { CheckCandidates, CheckQuery, CheckResult } from "#shared/domain/check";
import type { Store } from "../../data/store/store-types";
import { copyGroups, copyOf, type HashedPicture, isOfOnePicture, openCopyTest } from "./check-copies";
import { drawImpostors } from "./check-impostors";
import { type OpenMeasure, openMeasures } from "./check-measures";
import { type DescribedPicture, describePicture } from "./check-pictures";
import type { FeatureSource } from "./feature-source";
import type { MeasureRecipe, MeasureRecipes } from "./measure-recipes";
import type { PictureSource } from "./picture-source";
import { prefetch } from "./prefetch";

/** Files from outside the library that are looked at while others are. */
const describedAhead = 4;

export interface OpeningParts {
  readonly store: Store;
  readonly recipes: MeasureRecipes;
  readonly pictures: PictureSource;
  readonly features: FeatureSource;
}

/** `recipes` are those of the measures, each once; references of the same number in `groups` are near-duplicates. */
export interface OpenCheck {
  readonly measures: readonly OpenMeasure[];
  readonly recipes: readonly MeasureRecipe[];
  readonly references: readonly DescribedPicture[];
  readonly groups: readonly number[];
  readonly candidates: readonly DescribedPicture[];
  readonly copies: CheckResult["copies"];
  readonly impostors: readonly AssetId[];
  readonly skipped: CheckResult["skipped"];
}

/** A check as the engine runs it: impostors may be left at what is measured already, where more are not worth waiting for. */
export interface CheckOrder extends CheckQuery {
  readonly impostorsAreMeasured?: boolean;
}

/** @throws metric/..., usage/invalid, asset/not-found where no reference is left, and the reason of an aborted signal */
export async function openCheck(parts: OpeningParts, query: CheckOrder, signal?: AbortSignal): Promise<OpenCheck> {
  const measures = await openMeasures(parts.recipes, query.measures);
  const recipes = [...new Map(measures.map(({ recipe }) => [recipe.id, recipe])).values()];
  const references = await describeAll(parts, query.references, signal);
  if (references.found.length === 0)
    throw appError("asset/not-found", references.skipped[0]?.reason ?? "There is no reference.", { hint: "Choose other references." });
  const asked = await candidateIds(parts.store, query.candidates);
  const own = new Set(query.references);
  const candidates = await describeAll(
    parts,
    asked.filter((id) => !own.has(id)),
    signal,
  );
  const isCopy = await openCopyTest(parts);
  const hashed = references.found.map(hashOf);
  const groups = await copyGroups(isCopy, hashed);
  const copies: (number | null)[] = [];
  for (const candidate of candidates.found) copies.push(await copyOf(isCopy, hashOf(candidate), hashed));
  const distinct = hashed.filter((_, place) => groups.indexOf(groups[place] ?? place) === place);
  const excluded = new Set([...own, ...asked]);
  const areMeasured = query.impostorsAreMeasured ?? false;
  const impostors = await drawImpostors(parts, { recipes, references: distinct, excluded, isCopy, areMeasured });
  const { skipped, found } = candidates;
  return { measures, recipes, references: references.found, groups, candidates: found, copies, impostors, skipped };
}

const hashOf = ({ asset, phash }: DescribedPicture): HashedPicture => ({ id: asset.id, phash });

async function candidateIds(store: Store, candidates: CheckCandidates): Promise<readonly AssetId[]> {
  if (candidates.kind === "assets") return candidates.assetIds;
  return store.assets.matching({ folder: candidates.path, text: null, where: candidates.where });
}

interface Described {
  readonly found: readonly DescribedPicture[];
  readonly skipped: CheckResult["skipped"];
}

/** Each picture once; those that are not there any more are listed. */
async function describeAll(parts: OpeningParts, ids: readonly AssetId[], signal?: AbortSignal): Promise<Described> {
  const found: DescribedPicture[] = [];
  const skipped: { path: string; reason: string }[] = [];
  for await (const { item: id, prepared } of prefetch([...new Set(ids)], describedAhead, (each) =>
    describePicture(parts, each).catch(toAppError),
  )) {
    signal?.throwIfAborted();
    if (!(prepared instanceof Error)) found.push(prepared);
    else if (isOfOnePicture(prepared)) skipped.push({ path: parts.store.assets.get(id)?.files[0]?.path ?? id, reason: prepared.message });
    else throw prepared;
  }
  return { found, skipped };
}
