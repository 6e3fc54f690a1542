/** @file Triplets made of the labels of the sample library: a set to look at before there is another one. Their truth is labels, not people. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { createDraw, type Draw } from "../../data/datasets/draw";
import type { DatasetReading, Triplet } from "../../data/datasets/triplet";

const labelledSchema = z.array(z.object({ file: z.string(), subject: z.string(), style: z.string(), outlier: z.boolean().default(false) }));
type Labelled = z.infer<typeof labelledSchema>[number];

export const sampleSetIds = ["sample-style", "sample-subject"] as const;
export type SampleSetId = (typeof sampleSetIds)[number];

/** What of a picture the two others differ in. */
const questions: Readonly<Record<SampleSetId, "style" | "subject">> = { "sample-style": "style", "sample-subject": "subject" };

/** Enough for an interval of a few points, few enough for a minute on a processor. */
const triplets = 160;
const seed = 2334;

/**
 * Reads the labels in `folder`. The right picture shares the asked property with the reference and nothing else; the other one shares the other
 * property ("against": a metric that looks at the wrong thing is always wrong), or neither ("apart").
 */
export async function readSampleSet(folder: string, id: SampleSetId): Promise<DatasetReading> {
  const labelled = labelledSchema.parse(JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")));
  const pictures = labelled.filter(({ outlier }) => !outlier);
  const asked = questions[id];
  const draw = createDraw(seed);
  const drawn = new Map<string, Triplet>();
  while (drawn.size < triplets) {
    const triplet = drawTriplet(draw, { pictures, asked, isAgainst: drawn.size % 2 === 0 });
    if (triplet !== null) drawn.set(`${triplet.reference} ${triplet.a} ${triplet.b}`, triplet);
  }
  return {
    triplets: [...drawn.values()],
    skipped: [],
    notes: [`The truth of this set are the labels of the sample pictures, by ${asked}. No people were asked.`],
  };
}

interface Drawing {
  readonly pictures: readonly Labelled[];
  readonly asked: "style" | "subject";
  readonly isAgainst: boolean;
}

/** null where no such pictures are there. The sides change places at random. */
function drawTriplet(draw: Draw, { pictures, asked, isAgainst }: Drawing): Triplet | null {
  const other = asked === "style" ? "subject" : "style";
  const reference = draw.one(pictures);
  const isRight = (one: Labelled): boolean => one[asked] === reference[asked] && one[other] !== reference[other];
  const isWrong = (one: Labelled): boolean => one[asked] !== reference[asked] && (one[other] === reference[other]) === isAgainst;
  const [right] = draw.some(pictures.filter(isRight), 1);
  const [wrong] = draw.some(pictures.filter(isWrong), 1);
  if (right === undefined || wrong === undefined) return null;
  const isFirst = draw.one([true, false]);
  return {
    reference: reference.file,
    a: (isFirst ? right : wrong).file,
    b: (isFirst ? wrong : right).file,
    choice: isFirst ? "a" : "b",
    prompt: null,
    group: isAgainst ? `same ${other} against it` : `another ${other}, too`,
  };
}
