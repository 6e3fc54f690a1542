/**
 * @file `npx tsx tests/bench/look-versus-thing.ts`: what looking past the other property gains. Two-alternative choices on the sample library and on
 * drawings made here: a reference, a picture that shares the property asked for, and a rival that does not, with and without the other property.
 */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { adjustedScore, usualAgainstWeights } from "#shared/domain/adjusted-score";
import type { Spread } from "#shared/domain/search";
import { createInProcessInference } from "#main/engine/inference/in-process-inference";
import type { InferenceService } from "#main/engine/inference/inference-service";
import { scoreMatrix } from "#main/engine/services/matrix-service";
import { seededRandom } from "#main/platform/seeded-random";
import { drawStyledThings, type LabelledPicture } from "./styled-drawings";

const weights = [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1] as const;
const resamples = 1000;
/** What looking past a property may cost where the rival does not share it, as a share of all choices. */
const affordable = 0.01;

/** A property that is asked for, and the other one, which a rival may share with the reference. */
const questions = [
  { name: "style", metric: "starter-style", against: "starter-subject", asked: "style", other: "subject", question: "style" },
  { name: "subject", metric: "starter-subject", against: "starter-style", asked: "subject", other: "style", question: "instance" },
] as const;
type Question = (typeof questions)[number];

type Scores = readonly (readonly number[])[];

interface LabelledSet {
  readonly name: string;
  readonly pictures: readonly LabelledPicture[];
  readonly scores: Readonly<Record<Question["metric"], Scores>>;
}

/** Indices of a reference, the right answer and the rival. `kind`: whether the rival shares the other property. */
interface Choice {
  readonly reference: number;
  readonly right: number;
  readonly rival: number;
  readonly kind: "any" | "hard";
}

/** Pictures named `subject--style`; the sheets of one character show one subject only and are left out. */
async function samplePictures(): Promise<readonly LabelledPicture[]> {
  const library = fileURLToPath(new URL("../../resources/sample-library/", import.meta.url));
  return (await readdir(library)).sort().flatMap((name) => {
    const [, subject, style] = /^(.+)--(.+)\.webp$/.exec(name) ?? [];
    return subject === undefined || style === undefined ? [] : [{ path: join(library, name), subject, style }];
  });
}

async function measured(name: string, pictures: readonly LabelledPicture[], service: InferenceService): Promise<LabelledSet> {
  const scoresBy = (metric: Question["metric"]): Promise<Scores> => allPairs(service, metric, pictures);
  return {
    name,
    pictures,
    scores: { "starter-style": await scoresBy("starter-style"), "starter-subject": await scoresBy("starter-subject") },
  };
}

async function allPairs(service: InferenceService, metric: string, pictures: readonly LabelledPicture[]): Promise<Scores> {
  const inputs = pictures.map(({ path }) => path);
  const order = { inputs, metric, checkpoint: null, companions: {}, libraryPath: null, options: {} };
  return (await scoreMatrix(service, order, { signal: new AbortController().signal, onProgress: () => undefined })).scores;
}

/** Every reference with every right answer that does not share the other property: one hard rival and one of no kinship each. */
function choicesOf(pictures: readonly LabelledPicture[], { asked, other }: Question): readonly Choice[] {
  const random = seededRandom(1);
  const indices = pictures.map((_, index) => index);
  const pick = (from: readonly number[]): number => from[Math.floor(random() * from.length)] ?? 0;
  const choices: Choice[] = [];
  for (const [reference, own] of pictures.entries()) {
    const others = indices.filter((index) => pictures[index]?.[asked] !== own[asked]);
    const hard = others.filter((index) => pictures[index]?.[other] === own[other]);
    const rightOnes = indices.filter((index) => pictures[index]?.[asked] === own[asked] && pictures[index][other] !== own[other]);
    for (const right of rightOnes) {
      choices.push({ reference, right, rival: pick(others), kind: "any" }, { reference, right, rival: pick(hard), kind: "hard" });
    }
  }
  return choices;
}

function spreadOf(scores: Scores): Spread {
  const pairs = scores.flatMap((row, index) => row.slice(index + 1));
  const mean = pairs.reduce((sum, score) => sum + score, 0) / pairs.length;
  return { mean, deviation: Math.sqrt(pairs.reduce((sum, score) => sum + (score - mean) ** 2, 0) / pairs.length) };
}

/** For each choice whether it is right (1) or not (0) at a weight. */
function decisions({ scores }: LabelledSet, question: Question, choices: readonly Choice[], weight: number): readonly number[] {
  const [own, taken] = [scores[question.metric], scores[question.against]];
  const spreads = { weight, spread: spreadOf(own), againstSpread: spreadOf(taken) };
  const valueOf = (a: number, b: number): number => adjustedScore(own[a]?.[b] ?? Number.NaN, taken[a]?.[b] ?? Number.NaN, spreads);
  return choices.map(({ reference, right, rival }) => (valueOf(reference, right) > valueOf(reference, rival) ? 1 : 0));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (share: number): string => (100 * share).toFixed(1);

/** 95 % interval of the mean over choices, references drawn anew by their value of the property that is asked for. */
function interval(values: readonly number[], clusters: readonly string[]): readonly [number, number] {
  const groups = new Map<string, number[]>();
  for (const [index, cluster] of clusters.entries()) groups.set(cluster, [...(groups.get(cluster) ?? []), values[index] ?? 0]);
  const sums = [...groups.values()].map((group) => ({ sum: group.reduce((a, b) => a + b, 0), count: group.length }));
  const random = seededRandom(2);
  const means = Array.from({ length: resamples }, () => {
    const drawn = sums.map(() => sums[Math.floor(random() * sums.length)] ?? { sum: 0, count: 0 });
    return drawn.reduce((a, { sum }) => a + sum, 0) / drawn.reduce((a, { count }) => a + count, 0);
  }).sort((a, b) => a - b);
  return [means[Math.floor(resamples * 0.025)] ?? Number.NaN, means[Math.floor(resamples * 0.975)] ?? Number.NaN];
}

interface Measured {
  readonly set: LabelledSet;
  readonly choices: readonly Choice[];
  readonly clusters: readonly string[];
  readonly byWeight: ReadonlyMap<number, readonly number[]>;
}

function report(question: Question, sets: readonly LabelledSet[]): void {
  const all = sets.map((set): Measured => {
    const choices = choicesOf(set.pictures, question);
    const byWeight = new Map(weights.map((weight) => [weight, decisions(set, question, choices, weight)]));
    return { set, choices, clusters: choices.map(({ reference }) => set.pictures[reference]?.[question.asked] ?? ""), byWeight };
  });
  const columns = all.flatMap(({ set }) => [`${set.name}: any rival`, `same ${question.other}`]);
  const lines = weights.map((weight) => {
    const cells = all.flatMap((each) => (["any", "hard"] as const).map((kind) => percent(mean(ofKind(each, weight, kind)))));
    return `| ${weight} | ${cells.join(" | ")} |`;
  });
  const table = [`| weight | ${columns.join(" | ")} |`, `| --- |${columns.map(() => " --- |").join("")}`, ...lines];
  const choices = all.map(({ set, choices: made }) => `${set.name} ${made.length / 2}`).join(", ");
  process.stdout.write(`\n${question.metric} less ${question.against}, % right (choices a column: ${choices})\n\n${table.join("\n")}\n\n`);
  for (const [index, chooser] of all.entries()) {
    const judged = all[(index + 1) % all.length];
    if (judged === undefined) continue;
    process.stdout.write(`chosen on the ${chooser.set.name}, ${gains(judged, affordableWeight(chooser))}\n`);
  }
  for (const each of all) process.stdout.write(`${gains(each, usualAgainstWeights[question.question])}\n`);
}

function ofKind({ byWeight, choices }: Measured, weight: number, kind: Choice["kind"]): readonly number[] {
  return (byWeight.get(weight) ?? []).filter((_, index) => choices[index]?.kind === kind);
}

/** What a weight gains over none on a set, against either kind of rival. */
function gains(judged: Measured, weight: number): string {
  const ofRivals = (["any", "hard"] as const).map((kind) => {
    const before = ofKind(judged, 0, kind);
    const difference = ofKind(judged, weight, kind).map((right, index) => right - (before[index] ?? 0));
    const clusters = judged.clusters.filter((_, index) => judged.choices[index]?.kind === kind);
    const [low, high] = interval(difference, clusters);
    return `${kind} rival ${percent(mean(difference))} [${percent(low)}, ${percent(high)}]`;
  });
  return `gain of ${weight} on the ${judged.set.name}, in points: ${ofRivals.join(", ")}`;
}

/** The greatest weight that loses no more than {@link affordable} against any rival. */
function affordableWeight(chooser: Measured): number {
  const right = (weight: number): number => mean(ofKind(chooser, weight, "any"));
  return Math.max(...weights.filter((weight) => right(0) - right(weight) <= affordable));
}

const inference = createInProcessInference({ device: "cpu", threads: null });
const folder = await mkdtemp(join(tmpdir(), "semblance-bench-"));
try {
  const sets = [
    await measured("sample library", await samplePictures(), inference),
    await measured("drawings", await drawStyledThings(join(folder, "drawings")), inference),
  ];
  for (const question of questions) report(question, sets);
} finally {
  await inference.dispose();
  await rm(folder, { recursive: true, force: true });
}
