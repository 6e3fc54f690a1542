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
import type { BenchRow } from "./bench";
import { tensorsOf, writeRandomCheckpoint } from "./random-checkpoint";
import { benchedNetworks, knownShape } from "./sd-networks";
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
      rows.push(...rowsOf(network.title, await inOwnProcess(name, file), fileBytes));
      await rm(file);
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The figures of one network, measured by `sd-process`. */
export async function inOwnProcess(name: string, file: string): Promise<NetworkFigures> {
  const child = fork(fileURLToPath(new URL("sd-process.ts", import.meta.url)), [name, file]);
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
