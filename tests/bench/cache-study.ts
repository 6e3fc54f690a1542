/**
 * @file How small features may be kept: `npx tsx tests/bench/cache-study.ts [--images N]` prints the tables of docs/feature-cache.md.
 *
 * Each form is applied to both pictures of every pair, and its order of the library is compared with that of the features as they were computed. The pictures
 * are varied cuts of the sample library, measured by the starter; the tap of the size of Stable Diffusion is made of their tokens (see projected-tap.ts).
 */
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { recallOf } from "#main/ml/retrieval/recall";
import { defaultThreads } from "#main/ml/runtime/inference-session";
import { createAlignedAttention } from "#main/ml/scoring/aligned-attention";
import { attentionArrays, tokensOf, type AttentionArray, type AttentionFeatures } from "#main/ml/scoring/attention-features";
import { bytesOf, inForm, widened, type FeatureArray } from "#main/ml/scoring/feature-array";
import { kendallTau } from "#main/ml/scoring/rank-agreement";
import { machineLine, median } from "./bench";
import { clustered, createClusteredScorer } from "./clustered-attention";
import { projectedTaps } from "./projected-tap";
import { starterTaps } from "./retrieval-study";

const questions = 20;
/** What is compared: the order of the exact best 150, and where the best 20 are found again. */
const [ranks, wanted] = [150, 20];
const middle = { clusters: 128, kept: 40, pictures: 60 } as const;
/** Of the large tap: each picture takes 5 MB in float32, and a pair milliseconds. */
const madePictures = 100;

interface Judged {
  readonly name: string;
  readonly bytes: number;
  readonly tau: number;
  readonly recall: number;
  /** Recall among the first 40. */
  readonly kept: number;
  /** How far from 1 the score of a picture with itself is at most. */
  readonly identity: number;
  readonly msPerPair: number;
}

type Scores = readonly (readonly number[])[];

/** Rows of scores and the median milliseconds of a pair. */
async function timedScores(count: number, score: (question: number) => Promise<readonly number[]>): Promise<readonly [Scores, number]> {
  const rows: (readonly number[])[] = [];
  const milliseconds: number[] = [];
  for (let question = 0; question < Math.min(questions, count); question += 1) {
    const started = performance.now();
    rows.push(await score(question));
    milliseconds.push((performance.now() - started) / count);
  }
  return [rows, median(milliseconds)];
}

function judge(exact: Scores, scores: Scores, facts: Pick<Judged, "name" | "bytes" | "msPerPair">): Judged {
  // A picture is no answer to itself.
  const others = (rows: Scores, question: number) => (rows[question] ?? []).filter((_, picture) => picture !== question);
  const mean = (of: (question: number) => number) => exact.reduce((sum, _, question) => sum + of(question), 0) / exact.length;
  const recallAt = (kept: number) => mean((question) => recallOf(others(exact, question), others(scores, question), { wanted, kept }));
  return {
    ...facts,
    tau: mean((question) => kendallTau(others(exact, question), others(scores, question), ranks)),
    recall: recallAt(wanted),
    kept: recallAt(middle.kept),
    identity: Math.max(...scores.map((row, question) => Math.abs(1 - (row[question] ?? 0)))),
  };
}

type Rounding = (array: FeatureArray, shape: AttentionFeatures) => FeatureArray;

/** The forms of the study; those that the product does not have are float32 numbers rounded as they would be. */
const roundings: readonly { readonly name: string; readonly bits: number; readonly round: Rounding }[] = [
  { name: "float16", bits: 16, round: (array, shape) => inForm(array, "float16", shape) },
  { name: "int8, one scale a head", bits: 8, round: (array, { heads }) => roundedByHead(widened(array), heads) },
  { name: "int8 per channel, centred", bits: 8, round: (array, shape) => inForm(array, "int8", shape) },
  { name: "int4 per channel, centred", bits: 4, round: (array, shape) => roundedByChannel(widened(array), shape) },
];

function roundedByHead(numbers: Float32Array, heads: number): Float32Array {
  const size = numbers.length / heads;
  const scales = Array.from({ length: heads }, (_, head) =>
    numbers.subarray(head * size, (head + 1) * size).reduce((most, x) => Math.max(most, Math.abs(x)), 1e-30),
  );
  return numbers.map((x, i) => {
    const step = (scales[Math.floor(i / size)] ?? 1) / 127;
    return Math.round(x / step) * step;
  });
}

/** Fifteen steps around the mean of each channel: [heads, tokens, headDim]. */
function roundedByChannel(numbers: Float32Array, { heads, headDim }: AttentionFeatures): Float32Array {
  const tokens = numbers.length / (heads * headDim);
  const result = numbers.slice();
  for (let channel = 0; channel < heads * headDim; channel += 1) {
    const at = (token: number) => (Math.floor(channel / headDim) * tokens + token) * headDim + (channel % headDim);
    let mean = 0;
    for (let token = 0; token < tokens; token += 1) mean += (numbers[at(token)] as number) / tokens;
    let reach = 1e-30;
    for (let token = 0; token < tokens; token += 1) reach = Math.max(reach, Math.abs((numbers[at(token)] as number) - mean));
    for (let token = 0; token < tokens; token += 1)
      result[at(token)] = mean + (Math.round((((numbers[at(token)] as number) - mean) * 7) / reach) * reach) / 7;
  }
  return result;
}

function rounded(features: AttentionFeatures, round: Rounding): AttentionFeatures {
  const [query, key, value, output] = attentionArrays.map((name) => round(features[name], features));
  return { ...features, query, key, value, output } as AttentionFeatures;
}

function bytesAt(features: AttentionFeatures, bits: number): number {
  const numbers = (name: AttentionArray) => features.heads * tokensOf(features, name) * features.headDim;
  const distinct = attentionArrays.filter((name, i) => attentionArrays.findIndex((other) => features[other] === features[name]) === i);
  return distinct.reduce((sum, name) => sum + (numbers(name) * bits) / 8, 0);
}

/** Every form over one tap. */
async function studyTap(pictures: readonly AttentionFeatures[]): Promise<readonly Judged[]> {
  const [first] = pictures as readonly [AttentionFeatures, ...AttentionFeatures[]];
  const aligned = await createAlignedAttention({ heads: first.heads, headDim: first.headDim, device: "cpu", threads: defaultThreads() });
  const scoreAll = async (all: readonly AttentionFeatures[]) =>
    timedScores(all.length, async (question) => (await aligned.score(all[question] ?? first, all)).map(({ ab, ba }) => (ab + ba) / 2));
  try {
    const [exact, exactMs] = await scoreAll(pictures);
    const judged: Judged[] = [judge(exact, exact, { name: "as computed", bytes: computedBytes(first), msPerPair: exactMs })];
    for (const { name, bits, round } of roundings) {
      const [scores, msPerPair] = await scoreAll(pictures.map((features) => rounded(features, round)));
      judged.push(judge(exact, scores, { name, bytes: bytesAt(first, bits), msPerPair }));
    }
    if (first.tokens > middle.clusters) judged.push(await middleStage(pictures.slice(0, middle.pictures), exact));
    return judged;
  } finally {
    await aligned.dispose();
  }
}

function computedBytes(features: AttentionFeatures): number {
  return [...new Set(attentionArrays.map((name) => features[name]))].reduce((sum, array) => sum + bytesOf(array), 0);
}

async function middleStage(pictures: readonly AttentionFeatures[], exact: Scores): Promise<Judged> {
  const started = performance.now();
  const small = pictures.map((features) => clustered(features, middle.clusters));
  const clusterMs = (performance.now() - started) / pictures.length;
  const scorer = await createClusteredScorer(small[0] as (typeof small)[number]);
  try {
    const [scores, msPerPair] = await timedScores(small.length, async (question) => {
      const row: number[] = [];
      for (const other of small) row.push(await scorer.score(small[question] as (typeof small)[number], other));
      return row;
    });
    const [{ heads, headDim }] = pictures as readonly [AttentionFeatures];
    const name = `${middle.clusters} query and ${middle.clusters} key clusters (float32; ${pictures.length} pictures; made in ${clusterMs.toFixed(0)} ms each)`;
    const among = exact.map((row) => row.slice(0, pictures.length));
    return judge(among, scores, { name, bytes: heads * middle.clusters * (4 * headDim + 2), msPerPair });
  } finally {
    await scorer.dispose();
  }
}

function markdown(name: string, pictures: readonly AttentionFeatures[], judged: readonly Judged[]): string {
  const [first] = pictures as readonly [AttentionFeatures, ...AttentionFeatures[]];
  const rows = judged.map(
    ({ name: form, bytes, tau, recall, kept, identity, msPerPair }) =>
      `| ${[form, (bytes / 1000).toFixed(0), tau.toFixed(4), recall.toFixed(3), kept.toFixed(3), identity.toExponential(1), msPerPair.toFixed(2)].join(" | ")} |`,
  );
  const shape = `${first.heads} x ${first.tokens} x ${first.headDim}, ${pictures.length} pictures, ${Math.min(questions, pictures.length)} questions`;
  const head = `| kept as | kB | tau | r@${wanted} | r@${middle.kept} | off itself by | ms a pair |`;
  return [`### ${name}`, "", shape, "", head, `|${" --- |".repeat(7)}`, ...rows, ""].join("\n");
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { images: { type: "string", default: "400" } } });
  const images = Number(values.images);
  if (!Number.isInteger(images) || images < 2 * wanted) throw new Error(`--images takes a whole number from ${2 * wanted} on`);
  process.stdout.write(`${machineLine()}\n\n`);
  const starter = await starterTaps(images, questions);
  for (const { name, pictures } of starter) {
    const attentions = pictures.map(({ attention }) => attention);
    process.stdout.write(`${markdown(name, attentions, await studyTap(attentions))}\n`);
  }
  const sources = (starter[0]?.pictures ?? []).slice(0, madePictures).map(({ attention }) => attention);
  const made = await projectedTaps(sources, { heads: 8, side: 16, headDim: 160 });
  process.stdout.write(`${markdown("made, of the size of Stable Diffusion", made, await studyTap(made))}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
