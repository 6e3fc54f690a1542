/**
 * @file Impostors of a check: pictures that are something else.
 *
 * Ids are hashes of contents, so the pictures with the smallest ids are as good as drawn by lot, whatever the order of files, and are nearly the same ones
 * when the library has grown. A library that is too small to say what 1 in 100 does is helped out by the pictures that come with the program.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { AssetId } from "#shared/domain/asset";
import type { Store } from "../../data/store/store-types";
import { describePicture } from "./check-pictures";
import { type CopyTest, copyOf, type HashedPicture } from "./check-copies";
import { samplePath } from "./library-service";
import type { MeasureRecipe } from "./measure-recipes";
import type { PictureSource } from "./picture-source";

/**
 * Scores that impostors may take together, and how many impostors there are at most and, where there are enough pictures, at least: fewer say nothing of
 * 1 in 100, and so many are worth being measured for it.
 */
const limits = { scores: 20_000, most: 500, least: 100 } as const;

export interface ImpostorParts {
  readonly store: Store;
  readonly pictures: PictureSource;
}

export interface ImpostorQuestion {
  readonly recipes: readonly MeasureRecipe[];
  /** References without near-duplicates of one another. */
  readonly references: readonly HashedPicture[];
  /** What is no impostor: references and candidates. */
  readonly excluded: ReadonlySet<AssetId>;
  readonly isCopy: CopyTest;
  /** Only what is measured already is drawn, however little that is. */
  readonly areMeasured: boolean;
}

/** Draws impostors: none is a reference, a candidate or a near-duplicate of a reference. */
export async function drawImpostors(parts: ImpostorParts, question: ImpostorQuestion): Promise<readonly AssetId[]> {
  const { store } = parts;
  const wanted = Math.min(limits.most, Math.max(limits.least, Math.floor(limits.scores / question.references.length)));
  const drawn = await draw(parts, question, { ids: measuredByAll(store, question.recipes), wanted });
  for (const more of [() => store.assets.ids(), () => bundledPictures(parts)]) {
    if (drawn.length >= limits.least || question.areMeasured) break;
    const known = new Set(drawn);
    const ids = (await more()).filter((id) => !known.has(id));
    drawn.push(...(await draw(parts, question, { ids, wanted: limits.least - drawn.length })));
  }
  return drawn;
}

function measuredByAll(store: Store, recipes: readonly MeasureRecipe[]): readonly AssetId[] {
  const [first = [], ...others] = recipes.map(({ id }) => store.findEmbeddings(id)?.ids() ?? []);
  const sets = others.map((ids) => new Set(ids));
  return first.filter((id) => store.assets.has(id) && sets.every((ids) => ids.has(id)));
}

async function bundledPictures({ pictures }: ImpostorParts): Promise<readonly AssetId[]> {
  const names = await readdir(samplePath()).catch(() => []);
  const ids: AssetId[] = [];
  for (const name of names.filter((each) => each.endsWith(".webp"))) ids.push(await pictures.addFile(join(samplePath(), name)));
  return ids;
}

async function draw(
  parts: ImpostorParts,
  { references, excluded, isCopy }: ImpostorQuestion,
  { ids, wanted }: { readonly ids: readonly AssetId[]; readonly wanted: number },
): Promise<AssetId[]> {
  const drawn: AssetId[] = [];
  for (const id of ids.filter((each) => !excluded.has(each)).sort()) {
    if (drawn.length === wanted) break;
    const picture = { id, phash: (await describePicture(parts, id)).phash };
    if ((await copyOf(isCopy, picture, references)) === null) drawn.push(id);
  }
  return drawn;
}
