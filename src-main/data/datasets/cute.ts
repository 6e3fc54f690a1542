/**
 * @file CUTE: two pictures of one thing under one condition, and one of another thing of its category under the same condition.
 * Layout: <category>/<instance>/<condition>/<picture>. Source: cute_main.py of the published DiffSim code.
 */
import { createDraw, type Draw } from "./draw";
import { datasetError, inFolder, listFolder } from "./picture-folders";
import { type DatasetReading, SkipCounter, type Triplet } from "./triplet";

/** As often as the published script goes through every category. */
const repeats = 10;

interface Instance {
  readonly path: string;
  /** Pictures by condition. */
  readonly conditions: ReadonlyMap<string, readonly string[]>;
}

/** Reads CUTE. Throws dataset/malformed when no triplet can be drawn. */
export async function readCute(root: string, seed: number): Promise<DatasetReading> {
  const draw = createDraw(seed);
  const skipped = new SkipCounter();
  const triplets: Triplet[] = [];
  const categories = (await listFolder(root)).folders;
  for (const category of categories) {
    const instances = await instancesOf(root, category);
    for (let repeat = 0; repeat < repeats; repeat += 1)
      for (const instance of instances) {
        const drawn = drawTriplet(instance, { category, others: instances.filter((other) => other !== instance), draw });
        if (typeof drawn === "string") skipped.add(drawn);
        else triplets.push(drawn);
      }
  }
  if (triplets.length === 0)
    throw datasetError(
      `No triplet can be drawn from ${root}: no category holds two instances with pictures of one condition.`,
      "CUTE lies as DATASET/<category>/<instance>/<condition>/<picture>.png, with two or more instances in a category.",
    );
  return { triplets, skipped: skipped.list(), notes: [`${categories.length} categories, each gone through ${repeats} times.`] };
}

async function instancesOf(root: string, category: string): Promise<readonly Instance[]> {
  const instances: Instance[] = [];
  for (const name of (await listFolder(root, category)).folders) {
    const path = inFolder(category, name);
    const conditions = new Map<string, readonly string[]>();
    for (const condition of (await listFolder(root, path)).folders)
      conditions.set(condition, (await listFolder(root, inFolder(path, condition))).pictures);
    instances.push({ path, conditions });
  }
  return instances;
}

/** A triplet of one instance, or why there is none. The drawn condition stays the same for the other instance, as in the published script. */
function drawTriplet(
  instance: Instance,
  { category, others, draw }: { readonly category: string; readonly others: readonly Instance[]; readonly draw: Draw },
): Triplet | string {
  if (instance.conditions.size === 0) return "an instance without folders of conditions";
  const condition = draw.one([...instance.conditions.keys()]);
  const [reference, a] = draw.some(instance.conditions.get(condition) ?? [], 2);
  if (reference === undefined || a === undefined) return "a condition of fewer than two pictures";
  if (others.length === 0) return "a category of a single instance";
  const other = draw.one(others);
  const pictures = other.conditions.get(condition) ?? [];
  if (pictures.length === 0) return "the other instance lacks the condition that was drawn";
  const inCondition = (path: string, name: string): string => `${path}/${condition}/${name}`;
  return {
    reference: inCondition(instance.path, reference),
    a: inCondition(instance.path, a),
    b: inCondition(other.path, draw.one(pictures)),
    choice: "a",
    prompt: `The photo of a ${category}`,
    group: category,
  };
}
