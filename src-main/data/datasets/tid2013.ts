/**
 * @file TID2013: a picture and the same distortion of it at two strengths.
 * Layout: all files in one folder, as tid_main.py of the published DiffSim code wants them, or reference_images/ and distorted_images/, as the set
 * comes; names in upper or lower case. The script compares the levels 2 and 3, though it calls them 1 and 5.
 */
import { datasetError, inFolder, listFolder } from "./picture-folders";
import { type DatasetReading, SkipCounter, type Triplet } from "./triplet";

const references = 25;
const distortions = 24;
const levels = { nearer: 2, farther: 3 } as const;

const twoDigits = (number: number): string => String(number).padStart(2, "0");

/** Reads TID2013. Throws dataset/malformed when no pair of levels is there. */
export async function readTid2013(root: string): Promise<DatasetReading> {
  const pathOf = await picturesByName(root);
  const skipped = new SkipCounter();
  const triplets: Triplet[] = [];
  for (let reference = 1; reference <= references; reference += 1) {
    const original = pathOf.get(`i${twoDigits(reference)}`);
    for (let distortion = 1; distortion <= distortions; distortion += 1) {
      const level = (strength: number): string | undefined => pathOf.get(`i${twoDigits(reference)}_${twoDigits(distortion)}_${strength}`);
      const [a, b] = [level(levels.nearer), level(levels.farther)];
      if (original === undefined) skipped.add(`the reference I${twoDigits(reference)} is not there`);
      else if (a === undefined || b === undefined)
        skipped.add(`level ${a === undefined ? levels.nearer : levels.farther} of a distortion of I${twoDigits(reference)} is not there`);
      else triplets.push({ reference: original, a, b, choice: "a", prompt: null, group: null });
    }
  }
  if (triplets.length === 0)
    throw datasetError(
      `${root} holds no reference of TID2013 with levels 2 and 3 of a distortion.`,
      "TID2013 lies as DATASET/reference_images/I01.BMP and DATASET/distorted_images/i01_01_2.bmp, or with all files in one folder.",
    );
  const notes = ["Levels 2 and 3 of each distortion are compared, as in the published script."];
  const whole = references * distortions;
  const lacks = triplets.length === whole ? {} : { partial: `This copy has ${triplets.length} of ${whole} pairs.` };
  return { triplets, skipped: skipped.list(), notes, ...lacks };
}

/** Paths by name in lower case without the ending: `i01` and `i01_24_5`. */
async function picturesByName(root: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const top = await listFolder(root);
  const folders = [top];
  for (const name of top.folders) folders.push(await listFolder(root, name));
  for (const { path, pictures } of folders)
    for (const name of pictures) {
      const match = /^(i\d{2}(?:_\d{2}_\d)?)\.\w+$/i.exec(name);
      const key = match?.[1]?.toLowerCase();
      if (key !== undefined && !found.has(key)) found.set(key, inFolder(path, name));
    }
  return found;
}
