/**
 * @file Speed and memory of Stable Diffusion 1.5 at its true size on the processor: the U-Net cut at DiffSim's tap, and the VAE encoder, at 512 px.
 * Weights are random; speed does not depend on them. Each network runs in a process of its own so that its peak of memory is its own, and is
 * compared with what the same process reaches with one large convolution and one large matrix product.
 * Run: npx tsx tests/bench/sd.bench.ts
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GraphBuilder } from "#main/ml/graph/graph-builder";
import type { Graph } from "#main/ml/graph/graph-core";
import { parseAutoencoderKLConfig, parseUNet2DConditionConfig } from "#main/ml/models/stable-diffusion/config";
import { attentionTaps } from "#main/ml/models/stable-diffusion/tap-collector";
import { diffsimTap } from "#main/ml/models/stable-diffusion/taps";
import { buildUNet } from "#main/ml/models/stable-diffusion/unet";
import { buildVaeEncoder } from "#main/ml/models/stable-diffusion/vae-encoder";
import { createSession, type InferenceSession } from "#main/ml/runtime/inference-session";
import { tensor, type Tensor } from "#main/ml/tensor/tensor";
import { openCheckpoint } from "#main/ml/weights/checkpoint";
import type { WeightScope } from "#main/ml/weights/weight-scope";
import { randomNumbers } from "../support/random-numbers";
import { tensorsOf, writeRandomCheckpoint } from "./random-checkpoint";

const threads = 2;
const rounds = 4;
const pixels = 512;
const latent = pixels / 8;
const unetConfig = parseUNet2DConditionConfig({ cross_attention_dim: 768 });
const vaeConfig = parseAutoencoderKLConfig({
  block_out_channels: [128, 256, 512, 512],
  down_block_types: Array<string>(4).fill("DownEncoderBlock2D"),
  layers_per_block: 2,
});
const tap = diffsimTap(unetConfig, "up_blocks", 0);

interface BenchedNetwork {
  readonly title: string;
  readonly optimization: "extended" | "all";
  build(weights: WeightScope, taps?: readonly string[]): Graph;
  feeds(): Record<string, Tensor>;
}

const networks: Readonly<Record<string, BenchedNetwork>> = {
  unet: {
    title: `U-Net to ${tap}`,
    optimization: "extended",
    build: (weights, taps = attentionTaps(tap)) =>
      buildUNet(weights, unetConfig, { height: latent, width: latent, textTokens: 77, taps, attention: "fused" }),
    feeds: () => ({
      sample: random([1, 4, latent, latent]),
      timestep: tensor([1], Float32Array.of(101)),
      encoder_hidden_states: random([1, 77, 768]),
    }),
  },
  vae: {
    title: "VAE encoder",
    optimization: "all",
    build: (weights) => buildVaeEncoder(weights, vaeConfig, { height: pixels, width: pixels, attention: "fused" }),
    feeds: () => ({ pixel_values: random([1, 3, pixels, pixels]) }),
  },
};

/** What one network reached. Rates are in GFLOP/s of the median run, memory in MiB. */
interface BenchResult {
  readonly title: string;
  readonly fileMiB: number;
  readonly loadSeconds: number;
  readonly afterLoadMiB: number;
  readonly peakLoadMiB: number;
  readonly peakMiB: number;
  readonly gigaflop: number;
  readonly medianSeconds: number;
  readonly bestSeconds: number;
  readonly rate: number;
  readonly convCeiling: number;
  readonly matmulCeiling: number;
  /** Time the same work would take at the ceilings, as a share of the median and of the best run. */
  readonly shareOfCeiling: number;
  readonly bestShareOfCeiling: number;
}

/** Writes the checkpoints, benches both networks and prints the results; the files are deleted again. */
export async function benchStableDiffusion(): Promise<readonly BenchResult[]> {
  const folder = await mkdtemp(join(tmpdir(), "semblance-bench-"));
  try {
    const results: BenchResult[] = [];
    for (const [name, network] of Object.entries(networks)) {
      const file = join(folder, `${name}.safetensors`);
      const sizeBytes = await writeRandomCheckpoint(
        file,
        tensorsOf((weights) => void network.build(weights, ["conv_out"]), knownShape),
      );
      results.push({ ...(await benchInOwnProcess(name, file)), fileMiB: sizeBytes / 2 ** 20 });
      print(results.at(-1) as BenchResult);
    }
    return results;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Shapes of the layers whose width the graph takes from the file: the gated feed forward and the time embedding. */
function knownShape(path: string, shapes: ReadonlyMap<string, readonly number[]>): readonly number[] | null {
  const base = unetConfig.blockOutChannels[0] ?? 0;
  if (path.startsWith("time_embedding.")) return [4 * base, path.endsWith("1") ? base : 4 * base];
  const channels = shapes.get(path.replace("ff.net.0.proj", "norm3.weight"))?.[0];
  return channels === undefined ? null : [8 * channels, channels];
}

async function benchInOwnProcess(name: string, file: string): Promise<BenchResult> {
  const child = fork(fileURLToPath(import.meta.url), [name, file]);
  const [message] = (await Promise.race([once(child, "message"), once(child, "exit").then(() => [null])])) as [BenchResult | null];
  if (message === null) throw new Error(`The process of ${name} ended without a result.`);
  return message;
}

async function benchNetwork(network: BenchedNetwork, file: string): Promise<BenchResult> {
  const graph = network.build((await openCheckpoint(file)).scope());
  const started = performance.now();
  const session = await createSession(graph, { device: "cpu", threads, optimization: network.optimization });
  const loadSeconds = (performance.now() - started) / 1000;
  const afterLoadMiB = process.memoryUsage.rss() / 2 ** 20;
  const peakLoadMiB = process.resourceUsage().maxRSS / 1024;
  const feeds = network.feeds();
  await session.run(feeds);
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  const ceilings = { conv: await convolution(), matmul: await matrixProduct() };
  const seconds: number[] = [];
  const rates = { conv: 0, matmul: 0 };
  // Taken in turns, so that other programs on the machine disturb both alike.
  for (let round = 0; round < rounds; round++) {
    rates.conv = Math.max(rates.conv, await bestRate(ceilings.conv));
    seconds.push(await timed(session, feeds));
    rates.matmul = Math.max(rates.matmul, await bestRate(ceilings.matmul));
    seconds.push(await timed(session, feeds));
  }
  seconds.sort((a, b) => a - b);
  const medianSeconds = ((seconds[rounds - 1] ?? 0) + (seconds[rounds] ?? 0)) / 2;
  const bestSeconds = seconds[0] ?? 0;
  const { conv, linear, attention } = graph.flops;
  const atCeiling = conv / rates.conv + (linear + attention) / rates.matmul;
  return {
    title: network.title,
    fileMiB: 0,
    loadSeconds,
    afterLoadMiB,
    peakLoadMiB,
    peakMiB,
    gigaflop: (conv + linear + attention) / 1e9,
    medianSeconds,
    bestSeconds,
    rate: (conv + linear + attention) / 1e9 / medianSeconds,
    convCeiling: rates.conv / 1e9,
    matmulCeiling: rates.matmul / 1e9,
    shareOfCeiling: atCeiling / medianSeconds,
    bestShareOfCeiling: atCeiling / bestSeconds,
  };
}

interface Ceiling {
  readonly session: InferenceSession;
  readonly feeds: Record<string, Tensor>;
}

/** 3 x 3, 320 channels, on 64 x 64: the U-Net's own first layers, as fast as the runtime can. */
async function convolution(): Promise<Ceiling> {
  const g = new GraphBuilder();
  const x = g.input("x", "float32", [1, 320, 64, 64]);
  const kernel = g.constant([320, 320, 3, 3], randomNumbers(320 * 320 * 9, 1));
  let h = x;
  for (let i = 0; i < 8; i++) h = g.conv(h, kernel, null, { padding: 1 });
  g.output("y", h);
  return {
    session: await createSession(g.build(), { device: "cpu", threads, optimization: "all" }),
    feeds: { x: random([1, 320, 64, 64]) },
  };
}

async function matrixProduct(): Promise<Ceiling> {
  const g = new GraphBuilder();
  const x = g.input("x", "float32", [2048, 2048]);
  const matrix = g.constant([2048, 2048], randomNumbers(2048 * 2048, 1));
  g.output("y", g.matmul(g.matmul(x, matrix), matrix));
  return { session: await createSession(g.build(), { device: "cpu", threads }), feeds: { x: random([2048, 2048]) } };
}

async function bestRate({ session, feeds }: Ceiling): Promise<number> {
  const { conv, linear } = session.graph.flops;
  let best = Infinity;
  for (let i = 0; i < 6; i++) best = Math.min(best, await timed(session, feeds));
  return (conv + linear) / best;
}

async function timed(session: InferenceSession, feeds: Record<string, Tensor>): Promise<number> {
  const started = performance.now();
  await session.run(feeds);
  return (performance.now() - started) / 1000;
}

function random(shape: readonly number[]): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return tensor(shape, randomNumbers(count, 1));
}

function print(result: BenchResult): void {
  const whole = (x: number) => Math.round(x).toLocaleString("en");
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  console.log(
    [
      `${result.title}, ${pixels} px, ${threads} threads`,
      `  work       ${result.gigaflop.toFixed(1)} GFLOP in ${result.medianSeconds.toFixed(2)} s (best ${result.bestSeconds.toFixed(2)} s): ${whole(result.rate)} GFLOP/s`,
      `  ceiling    convolution ${whole(result.convCeiling)}, matrix product ${whole(result.matmulCeiling)} GFLOP/s; reached ${percent(result.shareOfCeiling)} (best ${percent(result.bestShareOfCeiling)})`,
      `  load       ${result.loadSeconds.toFixed(1)} s`,
      `  memory     file ${whole(result.fileMiB)}, after load ${whole(result.afterLoadMiB)}, peak of load ${whole(result.peakLoadMiB)}, peak of runs ${whole(result.peakMiB)} MiB`,
    ].join("\n"),
  );
}

const [, script, name, file] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  const network = name === undefined ? undefined : networks[name];
  if (network === undefined || file === undefined) await benchStableDiffusion();
  else process.send?.(await benchNetwork(network, file));
}
