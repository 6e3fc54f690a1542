/** @file `npm run bench [-- NAME..] [-- --rows N] [-- --json]`: every benchmark, or those named. Exits with 1 when a target is missed. */
import process from "node:process";
import { parseArgs } from "node:util";
import { alignedAttentionBench } from "./aas.bench";
import { formatTable, isReached, machineLine, type BenchModule, type BenchRow } from "./bench";
import { checkBench } from "./check.bench";
import { deviceBench } from "./device.bench";
import { duplicatesBench } from "./duplicates.bench";
import { libraryBench } from "./library.bench";
import { matrixBench } from "./matrix.bench";
import { rerankBench } from "./rerank.bench";
import { retrievalBench } from "./retrieval-study";
import { scaleBench } from "./scale.bench";
import { stableDiffusionBench } from "./sd.bench";
import { stableDiffusionMemoryBench } from "./sd-memory.bench";
import { stableDiffusionXlBench } from "./sdxl.bench";
import { starterBench } from "./starter.bench";

const benchmarks: Readonly<Record<string, BenchModule>> = {
  aas: alignedAttentionBench,
  check: checkBench,
  device: deviceBench,
  duplicates: duplicatesBench,
  library: libraryBench,
  matrix: matrixBench,
  rerank: rerankBench,
  retrieval: retrievalBench,
  scale: scaleBench,
  sd: stableDiffusionBench,
  "sd-memory": stableDiffusionMemoryBench,
  sdxl: stableDiffusionXlBench,
  starter: starterBench,
};

const { positionals: names, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, rows: { type: "string" } },
});
const size = values.rows === undefined ? null : Number(values.rows);
if (size !== null && !(Number.isInteger(size) && size > 0)) {
  process.stderr.write(`--rows takes a whole number, not ${values.rows ?? ""}.\n`);
  process.exit(2);
}
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(", ")}; there are ${Object.keys(benchmarks).join(", ")}.\n`);
  process.exit(2);
}

const rows: BenchRow[] = [];
for (const [name, run] of Object.entries(benchmarks)) {
  if (names.length > 0 && !names.includes(name)) continue;
  process.stderr.write(`${name} ...\n`);
  rows.push(...(await run({ rows: size })));
}
process.stdout.write(values.json ? `${JSON.stringify({ machine: machineLine(), rows })}\n` : `${machineLine()}\n${formatTable(rows)}\n`);
process.exitCode = rows.every(isReached) ? 0 : 1;
