/**
 * @file Memory of the program while it measures pictures with DiffSim-S on a float16 Stable Diffusion 1.5 of its true size: with the weights mapped from float32
 * copies, and, as the baseline, loaded as they are. Counted is anonymous memory, which nothing but the program's end gives back; mapped files are not.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BenchRow } from "./bench";
import { writeStableDiffusionFolder } from "./sd-folder";
import type { ExtractionFigures } from "./sd-memory-process";

const targetMegabytes = 1200;
const targetScoreDifference = 1e-6;
const watchMs = 20;

export async function stableDiffusionMemoryBench(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "semblance-bench-"));
  try {
    const model = join(folder, "sd15");
    const copies = join(folder, "copies");
    await writeStableDiffusionFolder(model);
    const loaded = await extracted(model);
    const first = await extracted(model, copies);
    const mapped = await extracted(model, copies);
    return rowsOf({ loaded, first, mapped });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface WatchedFigures extends ExtractionFigures {
  /** The most anonymous resident memory the process had, in bytes; not a number on systems that do not tell. */
  readonly peakBytes: number;
}

async function extracted(...args: readonly string[]): Promise<WatchedFigures> {
  const child = fork(fileURLToPath(new URL("sd-memory-process.ts", import.meta.url)), args);
  let peakBytes = NaN;
  const timer = setInterval(() => {
    const bytes = anonymousBytes(child.pid ?? 0);
    if (bytes !== null) peakBytes = Number.isNaN(peakBytes) ? bytes : Math.max(peakBytes, bytes);
  }, watchMs);
  const ended = once(child, "exit").then(() => [null]);
  const [figures] = (await Promise.race([once(child, "message"), ended])) as [ExtractionFigures | null];
  clearInterval(timer);
  if (figures === null) throw new Error("The process that measures pictures ended without figures.");
  return { ...figures, peakBytes };
}

/** As Linux counts it. */
function anonymousBytes(pid: number): number | null {
  try {
    const [, kibibytes] = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kibibytes === undefined ? null : Number(kibibytes) * 1024;
  } catch {
    return null;
  }
}

interface Compared {
  readonly loaded: WatchedFigures;
  /** The first use of the model, which prepares the copies. */
  readonly first: WatchedFigures;
  readonly mapped: WatchedFigures;
}

function rowsOf({ loaded, first, mapped }: Compared): readonly BenchRow[] {
  const row = (name: string, unit: string, of: (figures: WatchedFigures) => number): BenchRow => ({
    name: `DiffSim-S, weights mapped: ${name}`,
    value: of(mapped),
    unit,
    target: null,
    ratio: of(mapped) / of(loaded),
  });
  const megabytes = ({ peakBytes }: WatchedFigures) => peakBytes / 1e6;
  const difference = Math.max(...mapped.scores.map((score, i) => Math.abs(score - (loaded.scores[i] ?? NaN))));
  return [
    { ...row("peak of anonymous memory", "MB", megabytes), target: targetMegabytes, atMost: true },
    { ...row("the same while preparing", "MB", () => megabytes(first)), target: targetMegabytes, atMost: true, ratio: null },
    { ...row("the same with weights loaded", "MB", () => megabytes(loaded)), ratio: null },
    { ...row("preparing, once", "s", () => first.firstPictureSeconds - mapped.firstPictureSeconds), ratio: null },
    row("load and first picture", "s", ({ firstPictureSeconds }) => firstPictureSeconds),
    row("time a picture", "s", ({ pictureSeconds }) => pictureSeconds),
    { ...row("largest difference of a score", "", () => difference), target: targetScoreDifference, atMost: true, ratio: null },
  ];
}
