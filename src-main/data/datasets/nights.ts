/**
 * @file NIGHTS: a picture and two variations of it; people said which is more like it.
 * Layout: data.csv beside ref/ and distort/. Columns are found by name. Source: night_main.py of the published DiffSim code, which takes the split
 * `val` and all votes; the authors of the set (DreamSim, Fu et al. 2023) leave out rows of fewer than 6 votes.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type CsvRow, parseCsv } from "./csv";
import { datasetError, openFailure } from "./picture-folders";
import { type DatasetReading, SkipCounter, type Triplet } from "./triplet";

const columns = ["ref_path", "left_path", "right_path", "left_vote", "split", "prompt"] as const;
/** Counted each by itself; the published figure is of val. */
const splits = ["val", "test"];
const fewVotes = 6;

/** Reads NIGHTS. Throws dataset/malformed naming what is missing. */
export async function readNights(root: string): Promise<DatasetReading> {
  const path = join(root, "data.csv");
  const hint = "NIGHTS lies as DATASET/data.csv, DATASET/ref/... and DATASET/distort/...";
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw datasetError(`${path} cannot be read: ${openFailure(cause)}.`, hint, cause);
  });
  const table = parseCsv(text);
  const missing = columns.filter((column) => !table.columns.includes(column));
  if (missing.length > 0)
    throw datasetError(`${path} has no column ${missing.join(", no column ")}.`, "Take data.csv as it comes with the set.");
  const skipped = new SkipCounter();
  const triplets: Triplet[] = [];
  let undecided = 0;
  for (const row of table.rows) {
    const triplet = tripletOf(row);
    if (typeof triplet === "string") {
      skipped.add(triplet);
      continue;
    }
    triplets.push(triplet);
    if (Number(row.fields.get("votes") ?? fewVotes) < fewVotes) undecided += 1;
  }
  if (triplets.length === 0) throw datasetError(`${path} holds no row of the splits ${splits.join(" and ")}.`, hint);
  const notes = ["The published figures are of the split val; val and test are also counted each by itself."];
  if (undecided > 0)
    notes.push(
      `${undecided} of ${triplets.length} rows have fewer than ${fewVotes} votes; DiffSim's figures include them, DreamSim's do not.`,
    );
  return { triplets, skipped: skipped.list(), notes };
}

/** The triplet of a row, or why there is none. */
function tripletOf({ fields }: CsvRow): Triplet | string {
  const field = (column: (typeof columns)[number]): string => fields.get(column)?.trim() ?? "";
  const group = field("split");
  if (!splits.includes(group)) return `a row of the split ${group === "" ? "without a name" : group}`;
  const vote = field("left_vote");
  const left = vote === "" ? Number.NaN : Number(vote);
  if (left !== 0 && left !== 1) return "a row without a vote of 0 or 1 in left_vote";
  if (field("ref_path") === "" || field("left_path") === "" || field("right_path") === "") return "a row without three pictures";
  return {
    reference: field("ref_path"),
    a: field("left_path"),
    b: field("right_path"),
    choice: left === 1 ? "a" : "b",
    prompt: `An image of a ${field("prompt").toLowerCase()}`,
    group,
  };
}
