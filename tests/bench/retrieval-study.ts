/**
 * @file What candidates are best found by: `npx tsx tests/bench/retrieval-study.ts [--images N]` prints the tables of docs/retrieval-study.md.
 *
 * The pictures are varied cuts of the sample library, measured by the starter. The taps of the size of Stable Diffusion are made of their tokens by
 * fixed random matrices: they have the shapes and the cost, and attention as peaked as the starter's, but not what a trained layer has learnt.
 */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createInProcessInference } from "#main/engine/inference/in-process-inference";
import { decodeImage } from "#main/data/imaging/decode";
import type { ImageFeatures } from "#main/ml/metrics/metric";
import { effectiveKeys, probeAnswers, probesOfHead, queriesOf, type ProbeCodebook } from "#main/ml/retrieval/probe-attention";
import { principalSubspace, projectInto } from "#main/ml/retrieval/principal-subspace";
import { recallOf } from "#main/ml/retrieval/recall";
import { defaultThreads } from "#main/ml/runtime/inference-session";
import { createAlignedAttention } from "#main/ml/scoring/aligned-attention";
import type { AttentionArray, AttentionFeatures } from "#main/ml/scoring/attention-features";
import { meanOutput } from "#main/ml/scoring/mean-output";
import { cosine } from "#main/ml/tensor/linear-algebra";
import { machineLine, median, type BenchRow } from "./bench";
import { projectedTaps } from "./projected-tap";
import { writeVariedPictures } from "./varied-pictures";

/** Pictures that are wanted, and how many candidates they are looked for in. */
const wanted = 20;
const depths = [20, 50, 100, 200] as const;
/** Pictures that codebooks are made of, as in the product. */
const fitted = 300;
const queriesPerHead = 6000;

/** One tap of all pictures; `pooled` is what the product finds candidates by before it has learnt from the library. */
export interface StudiedTap {
  readonly name: string;
  readonly pictures: readonly { readonly attention: AttentionFeatures; readonly pooled: Float32Array | null }[];
  /** Pictures that are asked about, at equal steps. */
  readonly questions: number;
}

interface StudiedWay {
  readonly name: string;
  /** Numbers a picture. */
  readonly numbers: number;
  /** Recall of the exact best 20 at each depth. */
  readonly recalls: readonly number[];
  /** Kendall's tau of its order and the exact one. */
  readonly tau: number;
}

/** Both starter taps of `count` varied pictures. */
export async function starterTaps(count: number, questions: number): Promise<readonly StudiedTap[]> {
  const folder = await mkdtemp(join(tmpdir(), "semblance-retrieval-"));
  const inference = createInProcessInference({ device: null, threads: null });
  const metrics = ["starter-style", "starter-subject"] as const;
  const byMetric: ImageFeatures[][] = metrics.map(() => []);
  try {
    await writeVariedPictures(folder, count);
    for (const name of (await readdir(folder)).sort()) {
      const image = await decodeImage(join(folder, name), { mode: "corrected" });
      const features = await inference.extract(
        metrics.map((metric) => ({ metric, modelPath: null })),
        image,
      );
      features.forEach((each, i) => byMetric[i]?.push(each));
    }
  } finally {
    await inference.dispose();
    await rm(folder, { recursive: true, force: true });
  }
  return metrics.map((metric, i) => ({
    name: metric,
    questions,
    pictures: (byMetric[i] ?? []).flatMap(({ attention, pooled }) => (attention === null ? [] : [{ attention, pooled }])),
  }));
}

/** Exact scores [questions][pictures] of a tap: the mean of both directions. */
async function exactScores({
  pictures,
  questions,
}: StudiedTap): Promise<{ readonly asked: readonly number[]; readonly scores: readonly number[][] }> {
  const step = Math.max(1, Math.floor(pictures.length / questions));
  const asked = Array.from({ length: Math.min(questions, pictures.length) }, (_, i) => i * step);
  const all = pictures.map(({ attention }) => attention);
  const [first] = all as [AttentionFeatures, ...AttentionFeatures[]];
  const aligned = await createAlignedAttention({ heads: first.heads, headDim: first.headDim, device: "cpu", threads: defaultThreads() });
  try {
    const scores: number[][] = [];
    for (const index of asked) scores.push((await aligned.score(all[index] ?? first, all)).map(({ ab, ba }) => (ab + ba) / 2));
    return { asked, scores };
  } finally {
    await aligned.dispose();
  }
}

/** Every way of the study over one tap. */
async function studyTap(tap: StudiedTap): Promise<readonly StudiedWay[]> {
  const { asked, scores } = await exactScores(tap);
  const judge = (name: string, vectors: readonly Float32Array[]): StudiedWay => {
    const orders = asked.map((index) => vectors.map((vector) => cosine(vector, vectors[index] ?? vector)));
    // A picture is no answer to itself.
    const others = (values: readonly number[], question: number) => values.filter((_, picture) => picture !== asked[question]);
    const recallAt = (kept: number) =>
      mean(scores.map((exact, i) => recallOf(others(exact, i), others(orders[i] ?? [], i), { wanted, kept })));
    const tau = mean(scores.map((exact, i) => kendall(others(exact, i), others(orders[i] ?? [], i))));
    return { name, numbers: vectors[0]?.length ?? 0, recalls: depths.map(recallAt), tau };
  };
  const attentions = tap.pictures.map(({ attention }) => attention);
  const ways: StudiedWay[] = [];
  for (const array of ["query", "key", "value"] as const)
    ways.push(
      judge(
        `mean ${array}`,
        attentions.map((each) => meanOf(each, array)),
      ),
    );
  ways.push(judge("mean attention output", attentions.map(meanOutput)));
  if (tap.pictures[0]?.pooled)
    ways.push(
      judge(
        "pooled vector of the metric",
        tap.pictures.map(({ pooled }) => pooled ?? new Float32Array()),
      ),
    );
  for (const probes of [1, 4, 32]) {
    const codebook = codebookOf(attentions.slice(0, fitted), probes);
    const library = attentions.map((each) => probeAnswers(each, codebook, "library"));
    ways.push(judge(`probes, m = ${probes}, PCA 256`, await reduced(library, 256)));
    if (probes < 32) continue;
    ways.push(judge(`probes, m = ${probes}, PCA 64`, await reduced(library, 64)));
    ways.push(judge(`probes, m = ${probes}, all numbers`, library));
    const own = attentions.map((each) => probeAnswers(each, codebook, "own"));
    ways.push(judge(`probes, m = ${probes}, own + library, PCA 256`, await reduced(own, 256)));
  }
  return ways;
}

/** The median of the keys that a query of the tap looks at. */
function keysOf({ pictures }: StudiedTap): number {
  return median(pictures.slice(0, 40).map(({ attention }) => effectiveKeys(attention)));
}

function codebookOf(pictures: readonly AttentionFeatures[], probes: number): ProbeCodebook {
  const [{ heads, headDim, tokens }] = pictures as [AttentionFeatures, ...AttentionFeatures[]];
  const centres = new Float32Array(heads * probes * headDim);
  const shares = new Float32Array(heads * probes);
  const perPicture = Math.min(tokens, Math.ceil(queriesPerHead / pictures.length));
  const queries = pictures.map(queriesOf);
  for (let head = 0; head < heads; head++) {
    const drawn = new Float32Array(pictures.length * perPicture * headDim);
    queries.forEach((of, picture) => {
      for (let i = 0; i < perPicture; i++) {
        const token = Math.floor(((i + 0.5) * tokens) / perPicture);
        drawn.set(of(head).subarray(token * headDim, (token + 1) * headDim), (picture * perPicture + i) * headDim);
      }
    });
    const found = probesOfHead(drawn, { headDim, probes });
    centres.set(found.centres, head * probes * headDim);
    shares.set(found.shares, head * probes);
  }
  return { heads, headDim, probes, centres, shares };
}

async function reduced(vectors: readonly Float32Array[], dimension: number): Promise<readonly Float32Array[]> {
  const subspace = await principalSubspace(vectors.slice(0, fitted), dimension);
  return vectors.map((vector) => projectInto(subspace, vector));
}

/** Mean over the tokens of every head: [heads * headDim]. */
function meanOf(attention: AttentionFeatures, array: AttentionArray): Float32Array {
  return meanOutput({ ...attention, output: attention[array] });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Kendall's tau of two lists of scores of the same items. */
function kendall(a: readonly number[], b: readonly number[]): number {
  let agreeing = 0;
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < i; j++) agreeing += Math.sign(((a[i] ?? 0) - (a[j] ?? 0)) * ((b[i] ?? 0) - (b[j] ?? 0)));
  return (2 * agreeing) / (a.length * (a.length - 1));
}

function markdown(tap: StudiedTap, ways: readonly StudiedWay[]): string {
  const [first] = tap.pictures;
  const { heads = 0, tokens = 0, headDim = 0 } = first?.attention ?? {};
  const shape = `${heads} x ${tokens} x ${headDim}, ${tap.pictures.length} pictures, ${tap.questions} questions, ${keysOf(tap).toFixed(1)} effective keys`;
  const rows = ways.map(
    ({ name, numbers, recalls, tau }) =>
      `| ${[name, numbers, ...recalls.map((recall) => recall.toFixed(2)), tau.toFixed(2)].join(" | ")} |`,
  );
  const head = `| found by | numbers | ${depths.map((depth) => `r@${depth}`).join(" | ")} | tau |`;
  return [`### ${tap.name}`, "", shape, "", head, `|${" --- |".repeat(depths.length + 3)}`, ...rows, ""].join("\n");
}

const benchPictures = 500;

/** How much of the exact best 20 the first 100 hold, by the way that a library learns, against the metric's pooled vector. */
export async function retrievalBench(): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const tap of await starterTaps(benchPictures, 20)) {
    const ways = await studyTap(tap);
    const recallAt100 = (name: string): number =>
      100 * (ways.find((way) => way.name.startsWith(name))?.recalls[depths.indexOf(100)] ?? NaN);
    const [pooled, probes] = [recallAt100("pooled"), Math.max(recallAt100("probes, m = 32, PCA 256"), recallAt100("probes, m = 32, own"))];
    const over = `the first 100 of ${tap.pictures.length} by the tokens of ${tap.name}`;
    rows.push({
      name: `retrieval: best ${wanted} in ${over}, probe attention`,
      value: probes,
      unit: "%",
      target: 95,
      ratio: probes / pooled,
    });
    rows.push({ name: `retrieval: best ${wanted} in ${over}, pooled vector`, value: pooled, unit: "%", target: null, ratio: null });
  }
  return rows;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { images: { type: "string", default: "700" } } });
  const images = Number(values.images);
  if (!Number.isInteger(images) || images < 2 * wanted) throw new Error(`--images takes a whole number from ${2 * wanted} on`);
  process.stdout.write(`${machineLine()}\n\n`);
  const [style, subject] = (await starterTaps(images, 40)) as [StudiedTap, StudiedTap];
  const made = async (
    side: number,
    headDim: number,
    limits: { readonly pictures: number; readonly questions: number },
  ): Promise<StudiedTap> => {
    const sources = style.pictures.slice(0, limits.pictures).map(({ attention }) => attention);
    const projected = await projectedTaps(sources, { heads: 8, side, headDim });
    const name = `made, of the size of Stable Diffusion: 8 heads, ${side} x ${side} tokens, ${headDim} channels`;
    return { name, questions: limits.questions, pictures: projected.map((attention) => ({ attention, pooled: null })) };
  };
  const taps = [
    () => Promise.resolve(subject),
    () => Promise.resolve(style),
    () => made(16, 160, { pictures: 160, questions: 10 }),
    () => made(32, 80, { pictures: 80, questions: 5 }),
  ];
  for (const open of taps) {
    const tap = await open();
    process.stdout.write(`${markdown(tap, await studyTap(tap))}\n`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
