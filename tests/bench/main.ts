/** @file `npm run bench [-- NAME..] [-- --json]`: every benchmark, or those named. Exits with 1 when a target is missed. */
import process from "node:process";
import { alignedAttentionBench } from "./aas.bench";
import { formatTable, isReached, machineLine, type BenchModule, type BenchRow } from "./bench";
import { libraryBench } from "./library.bench";
import { matrixBench } from "./matrix.bench";
import { stableDiffusionBench } from "./sd.bench";
import { stableDiffusionXlBench } from "./sdxl.bench";
import { starterBench } from "./starter.bench";

const benchmarks: Readonly<Record<string, BenchModule>> = {
  aas: alignedAttentionBench,
  library: libraryBench,
  matrix: matrixBench,
  sd: stableDiffusionBench,
  sdxl: stableDiffusionXlBench,
  starter: starterBench,
};

const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const isJson = process.argv.includes("--json");
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(", ")}; there are ${Object.keys(benchmarks).join(", ")}.\n`);
  process.exit(2);
}

const rows: BenchRow[] = [];
for (const [name, run] of Object.entries(benchmarks)) {
  if (names.length > 0 && !names.includes(name)) continue;
  process.stderr.write(`${name} ...\n`);
  rows.push(...(await run()));
}
process.stdout.write(isJson ? `${JSON.stringify({ machine: machineLine(), rows })}\n` : `${machineLine()}\n${formatTable(rows)}\n`);
process.exitCode = rows.every(isReached) ? 0 : 1;
