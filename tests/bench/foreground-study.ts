/**
 * @file `npx tsx tests/bench/foreground-study.ts` prints the tables of docs/foreground.md: what the score of the foreground gains over that of the whole picture,
 * by true masks and by estimates, and whether keys outside of the foreground should be left out too. By the starter, with the product's own score.
 */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInProcessInference } from "#main/engine/inference/in-process-inference";
import type { ExtractorKey, InferenceService } from "#main/engine/inference/inference-service";
import { tilesOfMask } from "#main/engine/services/mask-tiles";
import { decodeImage } from "#main/data/imaging/decode";
import { mapOfAttention } from "#main/ml/maps/feature-map";
import { estimateForeground } from "#main/ml/maps/foreground-estimate";
import { estimateInFrame } from "#main/ml/maps/framed-foreground";
import type { TileMask } from "#main/ml/maps/tile-mask";
import type { ImageFeatures, PairScore } from "#main/ml/metrics/metric";
import type { AttentionFeatures } from "#main/ml/scoring/attention-features";
import { foregroundScore } from "#main/ml/scoring/foreground-score";
import { cosine } from "#main/ml/tensor/linear-algebra";
import { seededRandom } from "#main/platform/seeded-random";
import { naiveAttention } from "../support/naive-attention";
import { machineLine } from "./bench";
import { drawThingsBeforeGrounds, sampleLibrary } from "./things-before-grounds";

const key: ExtractorKey = { metric: "starter-subject", modelPath: null };
const resamples = 1000;
const rivalsPerPair = 2;

/** A reference, a picture of the same thing, and one of another. */
interface Choice {
  readonly reference: number;
  readonly right: number;
  readonly rival: number;
}

interface StudySet {
  readonly name: string;
  readonly features: readonly ImageFeatures[];
  /** null where nobody drew them. */
  readonly truth: readonly TileMask[] | null;
  readonly choices: readonly Choice[];
}

type Likeness = (a: number, b: number) => number;

async function thingsSet(inference: InferenceService, folder: string): Promise<StudySet> {
  const placed = await drawThingsBeforeGrounds(folder);
  const features = await measured(
    inference,
    placed.map(({ path }) => path),
  );
  const random = seededRandom(1);
  const choices = placed.flatMap((own, reference) => {
    const rivals = placed.flatMap((other, index) => (other.subject !== own.subject && other.ground === own.ground ? [index] : []));
    const rightOnes = placed.flatMap((other, index) => (other.subject === own.subject && index !== reference ? [index] : []));
    return rightOnes.flatMap((right) =>
      Array.from({ length: rivalsPerPair }, (): Choice => ({ reference, right, rival: rivals[Math.floor(random() * rivals.length)] ?? 0 })),
    );
  });
  const truth = placed.map(({ mask }, index) => tilesOfMask(mask, attentionOf(features[index]).grid));
  return { name: "things, rival before the same ground", features, truth, choices };
}

/** The pictures of the sample library's character without planted mistakes, against every picture of something else. */
async function characterSet(inference: InferenceService): Promise<StudySet> {
  const planted = new Set(["mira-05.webp", "mira-11.webp", "mira-16.webp"]);
  const files = (await readdir(sampleLibrary)).filter((name) => name.endsWith(".webp") && !planted.has(name)).sort();
  const features = await measured(
    inference,
    files.map((name) => join(sampleLibrary, name)),
  );
  const subjects = files.map((name) => (name.startsWith("mira-") ? "mira" : (name.split("--")[0] ?? "")));
  const own = subjects.flatMap((subject, index) => (subject === "mira" ? [index] : []));
  const rivals = subjects.flatMap((subject, index) => (subject === "mira" ? [] : [index]));
  const choices = own.flatMap((reference) =>
    own.flatMap((right) => (right === reference ? [] : rivals.map((rival): Choice => ({ reference, right, rival })))),
  );
  return { name: "sample library's character, any rival", features, truth: null, choices };
}

async function measured(inference: InferenceService, paths: readonly string[]): Promise<readonly ImageFeatures[]> {
  const features: ImageFeatures[] = [];
  for (const path of paths) features.push(...(await inference.extract([key], await decodeImage(path, { mode: "corrected" }))));
  return features;
}

function attentionOf(features: ImageFeatures | undefined): AttentionFeatures {
  if (!features?.attention) throw new Error("the starter has tokens");
  return features.attention;
}

/** Scores of all pairs, [a][b]. */
async function allPairs(inference: InferenceService, features: readonly ImageFeatures[]): Promise<readonly (readonly PairScore[])[]> {
  const rows: (readonly PairScore[])[] = [];
  for (const query of features) rows.push(await inference.score(key, query, features));
  return rows;
}

/** The same score where tokens see only the foreground of the other picture, and of their own. */
function withKeysLeftOut(set: StudySet, masks: readonly TileMask[], pairs: readonly (readonly PairScore[])[]): Likeness {
  const own = set.features.map((features, index) => gathered(attentionOf(features), attentionOf(features), masks[index]));
  const direction = (from: number, to: number): number => {
    const abroad = gathered(attentionOf(set.features[from]), attentionOf(set.features[to]), masks[to]);
    return cosine(kept(abroad, masks[from]), kept(own[from] ?? new Float32Array(), masks[from]));
  };
  return (a, b) => {
    const pair = pairs[a]?.[b];
    const maskA = masks[a];
    const maskB = masks[b];
    if (pair?.alignment === undefined || maskA === undefined || maskB === undefined) throw new Error("every pair was scored");
    const aligned = (direction(a, b) + direction(b, a)) / 2;
    const { share } = pair.alignment;
    const inFront = (shareOf(maskA) + shareOf(maskB)) / 2;
    const whole = ((pair.directions.ab ?? 0) + (pair.directions.ba ?? 0)) / 2;
    return (inFront * (pair.score - share * whole) + share * aligned) / (inFront * (1 - share) + share);
  };
}

const shareOf = (mask: TileMask): number => mask.reduce((sum, tile) => sum + tile, 0) / mask.length;

/** What the starter's tokens (one head, no class token) gather from the tokens of a picture that the mask leaves. */
function gathered(from: AttentionFeatures, to: AttentionFeatures, mask: TileMask | undefined): Float32Array {
  const rows = kept(to.key as Float32Array, mask);
  const shape = { heads: 1, tokens: from.tokens, keys: rows.length / to.headDim, headDim: from.headDim };
  return Float32Array.from(naiveAttention(from.query as Float32Array, rows, rows, shape).output);
}

/** The rows of the tiles that count. */
function kept(numbers: Float32Array, mask: TileMask = new Uint8Array()): Float32Array {
  const width = numbers.length / mask.length;
  return Float32Array.from([...mask].flatMap((tile, row) => (tile === 1 ? [...numbers.subarray(row * width, (row + 1) * width)] : [])));
}

function likenesses(set: StudySet, pairs: readonly (readonly PairScore[])[]): readonly (readonly [name: string, likeness: Likeness])[] {
  const maps = set.features.map((features) => mapOfAttention(attentionOf(features)));
  const masks: readonly (readonly [string, readonly TileMask[]])[] = [
    ...(set.truth === null ? [] : [["true masks", set.truth] as const]),
    ["estimate by the frame", maps.map(estimateInFrame)],
    ["estimate by the main direction", maps.map(estimateForeground)],
  ];
  const byMasks = (used: readonly TileMask[]): Likeness => {
    return (a, b) => {
      const [pair, maskA, maskB] = [pairs[a]?.[b], used[a], used[b]];
      if (pair === undefined || maskA === undefined || maskB === undefined) throw new Error("every pair was scored");
      return foregroundScore(pair, { a: maskA, b: maskB }) ?? Number.NaN;
    };
  };
  return [
    ["whole picture", (a, b) => pairs[a]?.[b]?.score ?? Number.NaN],
    ...masks.map(([name, used]) => [`foreground, ${name}`, byMasks(used)] as const),
    ...masks.map(([name, used]) => [`the same with keys left out, ${name}`, withKeysLeftOut(set, used, pairs)] as const),
  ];
}

/** 1 for each choice that is right. */
function decisions({ choices, features }: StudySet, likeness: Likeness): readonly number[] {
  const known = new Map<number, number>();
  const of = (a: number, b: number): number => {
    const place = Math.min(a, b) * features.length + Math.max(a, b);
    const value = known.get(place) ?? likeness(Math.min(a, b), Math.max(a, b));
    known.set(place, value);
    return value;
  };
  return choices.map(({ reference, right, rival }) => (of(reference, right) > of(reference, rival) ? 1 : 0));
}

/** Share that is right with its 95 % interval, references drawn anew. */
function shareText(right: readonly number[], choices: readonly Choice[]): string {
  const groups = grouped(right, choices);
  const random = seededRandom(2);
  const means = Array.from({ length: resamples }, () => {
    const drawn = groups.map(() => groups[Math.floor(random() * groups.length)] ?? []);
    return mean(drawn.flat());
  }).sort((a, b) => a - b);
  const percent = (share: number | undefined): string => (100 * (share ?? Number.NaN)).toFixed(1);
  return `${percent(mean(right))} | ${percent(means[Math.floor(resamples * 0.025)])} to ${percent(means[Math.floor(resamples * 0.975)])}`;
}

/** Decisions by their reference. */
function grouped(right: readonly number[], choices: readonly Choice[]): readonly (readonly number[])[] {
  const groups = new Map<number, number[]>();
  for (const [index, { reference }] of choices.entries()) groups.set(reference, [...(groups.get(reference) ?? []), right[index] ?? 0]);
  return [...groups.values()];
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const inference = createInProcessInference({ device: "cpu", threads: null });
const folder = await mkdtemp(join(tmpdir(), "semblance-bench-"));
try {
  process.stdout.write(`${machineLine()}\n`);
  for (const set of [await thingsSet(inference, folder), await characterSet(inference)]) {
    const pairs = await allPairs(inference, set.features);
    const rows = likenesses(set, pairs).map(([name, likeness]) => `| ${name} | ${shareText(decisions(set, likeness), set.choices)} |`);
    process.stdout.write(
      `\n${set.name}: ${set.features.length} pictures, ${set.choices.length} choices\n\n| | % right | interval |\n| --- | --- | --- |\n${rows.join("\n")}\n`,
    );
  }
} finally {
  await inference.dispose();
  await rm(folder, { recursive: true, force: true });
}
