/**
 * @file Whether Stable Diffusion XL's U-Net of the true size fits a machine of 16 GiB on the processor: loaded from a float16 file and run at 512 px, cut at a
 * tap of the first up block. The weights are random (neither speed nor memory depends on them) and deleted afterwards.
 */
import { mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { elementCount } from "#main/ml/tensor/tensor";
import type { BenchRow } from "./bench";
import { tensorsOf, writeRandomCheckpoint } from "./random-checkpoint";
import { inOwnProcess } from "./sd.bench";
import { fileShapes } from "./sd-networks";
import { xlConfig, xlUNet } from "./sdxl-network";

const GIB = 2 ** 30;
/** What is left for the rest of the app and of the machine out of 16. */
const targetPeakGiB = 14;

export async function stableDiffusionXlBench(): Promise<readonly BenchRow[]> {
  const tensors = tensorsOf((weights) => xlUNet.buildWhole(weights), fileShapes(xlConfig));
  const bytes = [...tensors.values()].reduce((sum, shape) => sum + 2 * elementCount(shape), 0);
  await requireFreeDisk(tmpdir(), bytes);
  const folder = await mkdtemp(join(tmpdir(), "semblance-bench-"));
  try {
    const file = join(folder, "xl-unet.safetensors");
    const fileBytes = await writeRandomCheckpoint(file, tensors);
    const figures = await inOwnProcess("xlUNet", file);
    const row = (name: string, value: number, unit: string): BenchRow => ({
      name: `${xlUNet.title}: ${name}`,
      value,
      unit,
      target: null,
      ratio: null,
    });
    return [
      row("weight file", fileBytes / GIB, "GiB"),
      row("load", figures.loadSeconds, "s"),
      row("work", figures.flops / 1e9, "GFLOP"),
      row("time a picture", figures.seconds, "s"),
      { ...row("share of the ceilings", 100 * figures.shareOfCeiling, "%"), ratio: figures.shareOfCeiling },
      { ...row("memory after load", figures.afterLoadBytes / GIB, "GiB"), ratio: figures.afterLoadBytes / fileBytes },
      { ...row("peak memory", figures.peakBytes / GIB, "GiB"), target: targetPeakGiB, atMost: true, ratio: figures.peakBytes / fileBytes },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Throws a sentence where the file and a tenth more do not fit. */
async function requireFreeDisk(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= 1.1 * bytes) return;
  throw new Error(
    `The benchmark sdxl writes ${(bytes / GIB).toFixed(1)} GiB to ${folder}, where ${(free / GIB).toFixed(1)} GiB are free; make room, or set TMPDIR to a larger disk.`,
  );
}
