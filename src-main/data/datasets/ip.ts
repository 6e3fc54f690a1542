/**
 * @file IP: a character and generations of it that were guided by the original at several weights.
 * Layout: a folder for each character with pictures named by their weight (1.0.png, 0.35.png), and the original beside them, or named after the
 * folder anywhere in the set. Source: ipref_main.py of the published DiffSim code, which needs seven weights and an original; the set as it is
 * published holds five files a character, so that not every pair can be formed.
 */
import { datasetError, inFolder, type PictureFolder, stemOf, walkFolders } from "./picture-folders";
import { type DatasetReading, SkipCounter, type Triplet } from "./triplet";

/** The heavier weight is the nearer one. */
const pairs = [
  [1, 0.6],
  [0.8, 0.4],
  [0.6, 0.3],
  [0.4, 0.35],
  [0.3, 0.2],
] as const;

/** File names told in an error. */
const shownNames = 5;

const weightText = (weight: number): string => (weight === 1 ? "1.0" : String(weight));
const pairText = ([heavier, lighter]: readonly [number, number]): string => `${weightText(heavier)} > ${weightText(lighter)}`;

interface Character {
  readonly folder: PictureFolder;
  readonly name: string;
  readonly byWeight: ReadonlyMap<number, string>;
}

/** Reads IP. Throws dataset/malformed when no pair can be formed. */
export async function readIp(root: string): Promise<DatasetReading> {
  const folders = await walkFolders(root);
  const characters = folders.map(characterOf).filter((character) => character !== null);
  const originals = originalsOf(folders, characters);
  const skipped = new SkipCounter();
  const formed = new Map<string, number>(pairs.map((pair) => [pairText(pair), 0]));
  const triplets: Triplet[] = [];
  for (const character of characters) {
    const reference = originalIn(character) ?? originals.get(character.name.toLowerCase());
    if (reference === undefined) {
      skipped.add("a character without its original", pairs.length);
      continue;
    }
    for (const pair of pairs) {
      const [a, b] = pair.map((weight) => character.byWeight.get(weight));
      const group = pairText(pair);
      if (a === undefined || b === undefined) {
        skipped.add(`the pair ${group} lacks a weight`);
        continue;
      }
      triplets.push({ reference, a, b, choice: "a", prompt: null, group });
      formed.set(group, (formed.get(group) ?? 0) + 1);
    }
  }
  if (triplets.length === 0) throw noPairs(root, characters.length, folders);
  const counts = [...formed].map(([pair, count]) => `${pair} of ${count}`).join(", ");
  const notes = [`Pairs that can be formed, of ${characters.length} characters: ${counts}.`];
  const partial = lacking(characters, { formed, triplets: triplets.length });
  return { triplets, skipped: skipped.list(), notes, ...(partial === null ? {} : { partial }) };
}

/** Which weights and pairs this copy has, where it has not all of them. */
function lacking(
  characters: readonly Character[],
  { formed, triplets }: { readonly formed: ReadonlyMap<string, number>; readonly triplets: number },
): string | null {
  const whole = pairs.length * characters.length;
  if (triplets === whole) return null;
  const wanted = new Set<number>(pairs.flat());
  const weights = [...wanted].filter((weight) => characters.some(({ byWeight }) => byWeight.has(weight)));
  if (weights.length === wanted.size) return `Of ${whole} pairs ${triplets} can be formed.`;
  const formable = [...formed.values()].filter((count) => count > 0).length;
  return `This copy has ${weights.length} of ${wanted.size} weights: ${formable} of ${pairs.length} pairs can be formed, ${triplets} in all.`;
}

/** A weight at the end of a name, such as `0.35` or `ip_0.35`. "1.png" may be the name of a character, so a weight has a point. */
const weightAtEnd = /(?:^|[^\d.])([01]\.\d+)$/;

/** The pictures of a folder by their weight; null for a folder without two of them. */
function characterOf(folder: PictureFolder): Character | null {
  const byWeight = new Map<number, string>();
  for (const name of folder.pictures) {
    const weight = weightAtEnd.exec(stemOf(name))?.[1];
    if (weight !== undefined) byWeight.set(Number(weight), inFolder(folder.path, name));
  }
  return byWeight.size < 2 ? null : { folder, name: folder.path.split("/").at(-1) ?? "", byWeight };
}

/** The one other picture of a character's own folder. */
function originalIn({ folder, byWeight }: Character): string | undefined {
  const others = folder.pictures.map((name) => inFolder(folder.path, name)).filter((path) => ![...byWeight.values()].includes(path));
  return others.length === 1 ? others[0] : undefined;
}

/** Pictures outside the characters' folders, by their name in lower case. */
function originalsOf(folders: readonly PictureFolder[], characters: readonly Character[]): ReadonlyMap<string, string> {
  const ofCharacters = new Set(characters.map(({ folder }) => folder));
  const found = new Map<string, string>();
  for (const folder of folders.filter((candidate) => !ofCharacters.has(candidate)))
    for (const name of folder.pictures) found.set(stemOf(name).toLowerCase(), inFolder(folder.path, name));
  return found;
}

function noPairs(root: string, characters: number, folders: readonly PictureFolder[]): Error {
  const seen = folders.find(({ pictures }) => pictures.length > 0);
  const names = seen === undefined ? "" : ` ${seen.path || "It"} holds ${seen.pictures.slice(0, shownNames).join(", ")}.`;
  const message =
    characters === 0
      ? `${root} holds no folder with pictures named by their weight.${names}`
      : `No pair of weights can be formed from the ${characters} characters in ${root}.`;
  return datasetError(
    message,
    "IP lies as DATASET/<character>/1.0.png, 0.8.png, 0.6.png, ... with the original in the same folder or as <character>.JPG elsewhere in DATASET.",
  );
}
