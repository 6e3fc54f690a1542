/** @file What every benchmark needs: a median, a table, and the machine the figures belong to. */
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import process from "node:process";

/** One figure. `target` is what it must reach (`atMost`: stay below); `reference` names what `ratio` compares it with. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target: number | null;
  readonly atMost?: boolean;
  /** Share or multiple of a reference measured in the same run. */
  readonly ratio: number | null;
}

export interface BenchOptions {
  /** Size of the library for figures that depend on one, given as `--rows N`; null leaves those out that take minutes. */
  readonly rows: number | null;
}

export type BenchModule = (options: BenchOptions) => Promise<readonly BenchRow[]>;

/** Middle of an odd number of values, upper middle of an even one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Milliseconds of each of `runs` runs, after one that is not counted. */
export async function time(runs: number, run: () => unknown): Promise<readonly number[]> {
  await run();
  const milliseconds: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await run();
    milliseconds.push(performance.now() - start);
  }
  return milliseconds;
}

/** Processor, memory, runtime and how busy the machine is: figures mean nothing without them. */
export function machineLine(): string {
  const processor = cpus()[0]?.model.trim() ?? "unknown processor";
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${processor}, ${availableParallelism()} threads, ${memory} GiB, Node ${process.versions.node}, ${process.platform} ${process.arch}, load ${(loadavg()[0] ?? 0).toFixed(2)}`;
}

/** Whether the figure reaches its target; a figure without one always does. */
export function isReached(row: BenchRow): boolean {
  if (row.target === null) return true;
  return row.atMost === true ? row.value <= row.target : row.value >= row.target;
}

/** Rows as a table, one line each. */
export function formatTable(rows: readonly BenchRow[]): string {
  const number = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));
  const lines = rows.map((row) => [
    row.name,
    `${number(row.value)} ${row.unit}`,
    row.ratio === null ? "" : `ratio ${number(row.ratio)}`,
    row.target === null
      ? ""
      : `${isReached(row) ? "reached" : "MISSED"} (${row.atMost === true ? "at most" : "at least"} ${row.target} ${row.unit})`,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
