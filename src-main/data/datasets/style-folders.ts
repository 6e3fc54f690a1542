/**
 * @file Sets of styles, one folder each (Sref, InstantStyle): two pictures of one style, and one of another.
 * Source: style_main.py of the published DiffSim code. Its folders come in the order of the file system, so that its seed fixes nothing.
 */
import { createDraw } from "./draw";
import { datasetError, inFolder, type PictureFolder, walkFolders } from "./picture-folders";
import { type DatasetReading, SkipCounter, type Triplet } from "./triplet";

/** As many as the published script draws. */
const trials = 2000;
/** Enough names to see whether the folders are the styles that were meant. */
const namedStyles = 4;

/** Reads a set of styles. Throws dataset/malformed when there are not two styles of two pictures. */
export async function readStyleFolders(root: string, seed: number): Promise<DatasetReading> {
  const folders = await walkFolders(root);
  const styles = folders.filter(({ pictures }) => pictures.length >= 2);
  if (styles.length < 2) {
    const found = styles.length === 0 ? "no folder" : "only one folder";
    throw datasetError(
      `${root} holds ${found} with at least two pictures; two styles are needed.`,
      "Lay each style out as a folder of its own: DATASET/<style>/<picture>.png.",
    );
  }
  const skipped = new SkipCounter();
  skipped.add("a style of a single picture", folders.filter(({ path, pictures }) => path !== "" && pictures.length === 1).length);
  const draw = createDraw(seed);
  const triplets: Triplet[] = [];
  for (let trial = 0; trial < trials; trial += 1) {
    const [style, other] = draw.some(styles, 2) as [PictureFolder, PictureFolder];
    const [reference, a] = draw.some(style.pictures, 2) as [string, string];
    triplets.push({
      reference: inFolder(style.path, reference),
      a: inFolder(style.path, a),
      b: inFolder(other.path, draw.one(other.pictures)),
      choice: "a",
      prompt: null,
      group: null,
    });
  }
  const names = styles.slice(0, namedStyles).map(({ path }) => (path === "" ? "the dataset's own folder" : path));
  const examples = [...names, ...(styles.length > namedStyles ? ["..."] : [])].join(", ");
  return { triplets, skipped: skipped.list(), notes: [`${styles.length} styles (${examples}); ${trials} triplets are drawn from them.`] };
}
