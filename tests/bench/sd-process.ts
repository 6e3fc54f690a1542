/**
 * @file One network of Stable Diffusion in a process of its own, so that its peak of memory is its own: load it, run it in turns with one large
 * convolution and one large matrix product, and send the figures to the parent. Arguments: the network's name, its weight file, and the folder of the float32
 * copies of its weights where they are to be mapped.
 */
import process from "node:process";
import { GraphBuilder } from "#main/ml/graph/graph-builder";
import { createSession, type InferenceSession } from "#main/ml/runtime/inference-session";
import { tensor, type Tensor } from "#main/ml/tensor/tensor";
import { createMappedSessions } from "#main/ml/runtime/mapped-session";
import { openCheckpoint } from "#main/ml/weights/checkpoint";
import { randomNumbers } from "../support/random-numbers";
import { median } from "./bench";
import { benchedNetworks, type BenchedNetwork } from "./sd-networks";
import { xlUNet } from "./sdxl-network";

const benchThreads = 2;
const rounds = 5;

/** Floating point operations per second, of the median run. */
export interface NetworkFigures {
  readonly flops: number;
  readonly seconds: number;
  readonly convolution: number;
  readonly matrixProduct: number;
  /** The time the same work takes at the two ceilings, as a share of `seconds`. */
  readonly shareOfCeiling: number;
  readonly loadSeconds: number;
  readonly afterLoadBytes: number;
  readonly peakBytes: number;
}

async function benchNetwork(network: BenchedNetwork, file: string, copies: string | undefined): Promise<NetworkFigures> {
  const checkpoint = await openCheckpoint(file);
  const graph = network.build(checkpoint.scope());
  const create = copies === undefined ? createSession : createMappedSessions({ folder: copies, minBytes: 0 });
  // Known since the model was opened, which names it by its hash.
  if (copies !== undefined) await checkpoint.sha256();
  const started = performance.now();
  const session = await create(graph, { device: "cpu", threads: benchThreads, optimization: network.optimization });
  const loadSeconds = (performance.now() - started) / 1000;
  const afterLoadBytes = process.memoryUsage.rss();
  const feeds = network.feeds();
  await session.run(feeds);
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  const ceilings = { conv: await convolution(), matmul: await matrixProduct() };
  const seconds = { network: [] as number[], conv: [] as number[], matmul: [] as number[] };
  // Turn and turn about, so that a busy machine slows all alike.
  for (let round = 0; round < rounds; round++) {
    seconds.conv.push(await timed(ceilings.conv.session, ceilings.conv.feeds));
    seconds.network.push(await timed(session, feeds));
    seconds.matmul.push(await timed(ceilings.matmul.session, ceilings.matmul.feeds));
  }
  const rates = { conv: rate(ceilings.conv, seconds.conv), matmul: rate(ceilings.matmul, seconds.matmul) };
  const { conv, linear, attention } = graph.flops;
  const atCeiling = conv / rates.conv + (linear + attention) / rates.matmul;
  return {
    flops: conv + linear + attention,
    seconds: median(seconds.network),
    convolution: rates.conv,
    matrixProduct: rates.matmul,
    shareOfCeiling: atCeiling / median(seconds.network),
    loadSeconds,
    afterLoadBytes,
    peakBytes,
  };
}

interface Ceiling {
  readonly session: InferenceSession;
  readonly feeds: Record<string, Tensor>;
}

/** Sixteen 3 x 3 convolutions of 320 channels on 64 x 64, the U-Net's own first layers, in the layout the runtime likes best. */
async function convolution(): Promise<Ceiling> {
  const g = new GraphBuilder();
  const x = g.input("x", "float32", [1, 320, 64, 64]);
  const kernel = g.constant(
    [320, 320, 3, 3],
    randomNumbers(320 * 320 * 9, 1).map((weight) => weight / 54),
  );
  let h = x;
  for (let i = 0; i < 16; i++) h = g.conv(h, kernel, null, { padding: 1 });
  g.output("y", h);
  const session = await createSession(g.build(), { device: "cpu", threads: benchThreads, optimization: "all" });
  return warm({ session, feeds: { x: tensor([1, 320, 64, 64], randomNumbers(320 * 64 * 64, 2)) } });
}

async function matrixProduct(): Promise<Ceiling> {
  const g = new GraphBuilder();
  const x = g.input("x", "float32", [2048, 2048]);
  const matrix = g.constant(
    [2048, 2048],
    randomNumbers(2048 * 2048, 1).map((weight) => weight / 45),
  );
  let h = x;
  for (let i = 0; i < 8; i++) h = g.matmul(h, matrix);
  g.output("y", h);
  return warm({
    session: await createSession(g.build(), { device: "cpu", threads: benchThreads }),
    feeds: { x: tensor([2048, 2048], randomNumbers(2048 * 2048, 2)) },
  });
}

async function warm(ceiling: Ceiling): Promise<Ceiling> {
  await ceiling.session.run(ceiling.feeds);
  return ceiling;
}

function rate({ session }: Ceiling, seconds: readonly number[]): number {
  const { conv, linear } = session.graph.flops;
  return (conv + linear) / median(seconds);
}

async function timed(session: InferenceSession, feeds: Record<string, Tensor>): Promise<number> {
  const started = performance.now();
  await session.run(feeds);
  return (performance.now() - started) / 1000;
}

const [, , name = "", file = "", copies] = process.argv;
const network = { ...benchedNetworks, xlUNet }[name];
if (process.send !== undefined && network !== undefined) process.send(await benchNetwork(network, file, copies));
