/**
 * @file DreamBench++: pictures generated after a reference by one method; people rated how well each keeps the concept.
 * Layout: <method>/{src_image,tgt_image}/<collection>/<k>_0.jpg beside data_human_rating/merged_data/group{1,2}/<method>-cp.json.
 * Source: dreambench_main.py of the published DiffSim code; keys are matched whole here, where the script matches their beginning and last digit.
 */
import { join } from "node:path";
import { createDraw } from "./draw";
import { ratingNamesOf, readRatings, type Ratings } from "./dreambench-ratings";
import { datasetError, inFolder, listFolder, type PictureFolder, stemOf } from "./picture-folders";
import { type DatasetReading, SkipCounter, type Triplet } from "./triplet";

const ratingsFolder = "data_human_rating/merged_data";
const hint = `DreamBench++ lies as DATASET/<method>/src_image, DATASET/<method>/tgt_image and DATASET/${ratingsFolder}/group1 and group2.`;
/** Groups that differ by more than this do not agree. */
const largestDisagreement = 2;
/** Ratings that differ by less than this are no judgement. */
const smallestMargin = 2;
const pairsPerReference = 5;

/** A generated picture and the mean of its two ratings. */
interface Rated {
  readonly path: string;
  readonly rating: number;
}

/** Reads DreamBench++. Throws dataset/malformed naming what is missing. */
export async function readDreambenchPlus(root: string, seed: number): Promise<DatasetReading> {
  const { folders } = await listFolder(root);
  if (!folders.includes("data_human_rating")) throw datasetError(`${join(root, ratingsFolder)} is not there.`, hint);
  await listFolder(root, `${ratingsFolder}/group1`);
  await listFolder(root, `${ratingsFolder}/group2`);
  const draw = createDraw(seed);
  const skipped = new SkipCounter();
  const triplets: Triplet[] = [];
  let matched = 0;
  for (const method of folders.filter((name) => name !== "data_human_rating")) {
    const names = ratingNamesOf(method);
    const ratings = names === null ? null : await readRatings(join(root, ratingsFolder), names);
    if (names === null) skipped.add(`the folder ${method} is of no method of the published protocol`);
    else if (ratings === null) skipped.add(`the folder ${method} has no ratings of both groups`);
    else {
      matched += 1;
      for (const { reference, rated } of await ratedCollections({ root, method, ratings }, skipped))
        for (const [a, b] of draw.some(judgedPairs(rated), pairsPerReference))
          triplets.push({
            reference,
            a: a.path,
            b: b.path,
            choice: a.rating > b.rating ? "a" : "b",
            prompt: null,
            group: names[0] ?? null,
          });
    }
  }
  if (triplets.length === 0) throw datasetError(`${root} holds no rated pair of pictures of a method.`, hint);
  const notes = [`At most ${pairsPerReference} pairs are drawn for each reference and method.`];
  const methods = folders.length - 1;
  const lacks = matched === methods ? {} : { partial: `Ratings found; ${matched} of ${methods} method folders match them.` };
  return { triplets, skipped: skipped.list(), notes, ...lacks };
}

interface Method {
  readonly root: string;
  readonly method: string;
  readonly ratings: Ratings;
}

/** The references of a method with the generated pictures that both groups rate about alike, in the order of the prompts. */
async function ratedCollections(
  { root, method, ratings }: Method,
  skipped: SkipCounter,
): Promise<readonly { readonly reference: string; readonly rated: readonly Rated[] }[]> {
  const found: { reference: string; rated: Rated[] }[] = [];
  for (const collection of (await listFolder(root, `${method}/src_image`)).folders) {
    const reference = pictureOf(await listed(root, `${method}/src_image/${collection}`), 0);
    if (reference === null) {
      skipped.add(`a reference of ${method} is not there`);
      continue;
    }
    const generated = await listed(root, `${method}/tgt_image/${collection}`);
    const rated: Rated[] = [];
    for (const [key, first] of ratings.first) {
      const index = promptIndex(key, collection);
      if (index === null) continue;
      const second = ratings.second.get(key);
      const path = pictureOf(generated, index);
      if (second === undefined) skipped.add("a picture that one group alone rated");
      else if (Math.abs(first - second) > largestDisagreement) skipped.add("a picture whose two ratings differ by more than 2");
      else if (path === null) skipped.add(`a rated picture of ${method} is not there`);
      else rated.push({ path, rating: (first + second) / 2 });
    }
    found.push({ reference, rated });
  }
  return found;
}

/** The index in `<collection>-<index>`; null for a key of another collection. */
function promptIndex(key: string, collection: string): number | null {
  const index = key.startsWith(`${collection}-`) ? key.slice(collection.length + 1) : "";
  return /^\d+$/.test(index) ? Number(index) : null;
}

/** A folder that may not be there, and then holds nothing. */
async function listed(root: string, path: string): Promise<PictureFolder> {
  return listFolder(root, path).catch(() => ({ path, folders: [], pictures: [] }));
}

/** The first picture of a prompt, `<index>_0` with any ending. */
function pictureOf({ path, pictures }: PictureFolder, index: number): string | null {
  const name = pictures.find((picture) => stemOf(picture) === `${index}_0`);
  return name === undefined ? null : inFolder(path, name);
}

/** Every unordered pair of pictures that people tell apart. */
function judgedPairs(rated: readonly Rated[]): readonly (readonly [Rated, Rated])[] {
  return rated.flatMap((a, index) =>
    rated
      .slice(index + 1)
      .filter((b) => Math.abs(a.rating - b.rating) >= smallestMargin)
      .map((b) => [a, b] as const),
  );
}
