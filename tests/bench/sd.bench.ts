/**
 * @file Speed and memory of Stable Diffusion 1.5 at its true size on two threads of the processor: the U-Net cut at DiffSim's tap, and the VAE encoder,
 * at 512 px. The float16 weights are random (speed does not depend on them) and deleted afterwards.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { largeWeightBytes } from "#main/ml/runtime/mapped-session";
import { openCheckpoint } from "#main/ml/weights/checkpoint";
import { float32Copies } from "#main/ml/weights/float32-copies";
import type { BenchRow } from "./bench";
import { tensorsOf, writeRandomCheckpoint } from "./random-checkpoint";
import { benchedNetworks, knownShape, type BenchedNetwork } from "./sd-networks";
import type { NetworkFigures } from "./sd-process";

/** Share of the ceiling that each network is to reach. */
const targetPercent = 75;

export async function stableDiffusionBench(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "semblance-bench-"));
  try {
    const rows: BenchRow[] = [];
    for (const [name, network] of Object.entries(benchedNetworks)) {
      const file = join(folder, `${name}.safetensors`);
      const fileBytes = await writeRandomCheckpoint(
        file,
        tensorsOf((weights) => network.buildWhole(weights), knownShape),
      );
      const loaded = await inOwnProcess(name, file);
      rows.push(...rowsOf(network.title, loaded, fileBytes));
      if (fileBytes >= largeWeightBytes) rows.push(...(await mappedRows(name, { network, file, folder, loaded })));
      await rm(file);
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same network over a float32 copy that is mapped, beside what it is when its float16 weights are loaded. */
async function mappedRows(
  name: string,
  {
    network,
    file,
    folder,
    loaded,
  }: { readonly network: BenchedNetwork; readonly file: string; readonly folder: string; readonly loaded: NetworkFigures },
): Promise<readonly BenchRow[]> {
  const copies = join(folder, "copies");
  const started = performance.now();
  await float32Copies(copies, network.build((await openCheckpoint(file)).scope()), () => undefined);
  const prepared = (performance.now() - started) / 1000;
  const mapped = await inOwnProcess(name, file, copies);
  const row = (what: string, value: number, before: number): BenchRow => ({
    name: `${network.title}, mapped: ${what}`,
    value,
    unit: "s",
    target: null,
    ratio: value / before,
  });
  const speed = mapped.shareOfCeiling / loaded.shareOfCeiling;
  return [
    { ...row("preparing, once", prepared, 1), ratio: null },
    { ...row("load", mapped.loadSeconds, loaded.loadSeconds), target: 1, atMost: true },
    row("time a picture", mapped.seconds, loaded.seconds),
    { ...row("speed", 100 * speed, 1), unit: "% of loaded", target: 90, ratio: speed },
    { ...row("memory after load", mapped.afterLoadBytes / 2 ** 20, loaded.afterLoadBytes / 2 ** 20), unit: "MiB" },
  ];
}

/** The figures of one network, measured by `sd-process`; with `copies`, its weights are mapped from there. */
export async function inOwnProcess(name: string, file: string, copies?: string): Promise<NetworkFigures> {
  const args = copies === undefined ? [name, file] : [name, file, copies];
  const child = fork(fileURLToPath(new URL("sd-process.ts", import.meta.url)), args);
  const ended = once(child, "exit").then(() => [null]);
  const [figures] = (await Promise.race([once(child, "message"), ended])) as [NetworkFigures | null];
  if (figures === null) throw new Error(`The process that benches ${name} ended without figures.`);
  return figures;
}

function rowsOf(title: string, figures: NetworkFigures, fileBytes: number): readonly BenchRow[] {
  const row = (name: string, value: number, unit: string): BenchRow => ({
    name: `${title}: ${name}`,
    value,
    unit,
    target: null,
    ratio: null,
  });
  return [
    row("convolution ceiling", figures.convolution / 1e9, "GFLOP/s"),
    row("MatMul ceiling", figures.matrixProduct / 1e9, "GFLOP/s"),
    row("work", figures.flops / 1e9, "GFLOP"),
    row("time a picture", figures.seconds, "s"),
    { ...row("share of the ceilings", 100 * figures.shareOfCeiling, "%"), target: targetPercent, ratio: figures.shareOfCeiling },
    row("load", figures.loadSeconds, "s"),
    row("weight file", fileBytes / 2 ** 20, "MiB"),
    { ...row("memory after load", figures.afterLoadBytes / 2 ** 20, "MiB"), ratio: figures.afterLoadBytes / fileBytes },
    { ...row("peak memory", figures.peakBytes / 2 ** 20, "MiB"), ratio: figures.peakBytes / fileBytes },
  ];
}
