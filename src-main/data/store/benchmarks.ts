/** @file Runs of the benchmarks: a folder each, with the triplets, the scores of every metric and the last report as JSON. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { writeFileAtomic } from "../../platform/atomic-file";
import { listNames } from "./content-path";
import type { BenchmarkStore } from "./store-types";
import type { Writer } from "./writer";

export function createBenchmarkStore(folder: string, writer: Writer): BenchmarkStore {
  const pathOf = (run: string, name: string) => join(folder, run, `${name}.json`);
  return {
    path: pathOf,
    async read<Value>(run: string, name: string, schema: z.ZodType<Value>): Promise<Value | null> {
      try {
        return schema.parse(JSON.parse(await readFile(pathOf(run, name), "utf8")));
      } catch {
        // Not there yet, or damaged: scores are made again.
        return null;
      }
    },
    write: (run, name, value) => writer.write(() => writeFileAtomic(pathOf(run, name), `${JSON.stringify(value)}\n`)),
    runs: async () => (await listNames(folder)).sort(),
    remove: (run) => writer.write(() => rm(join(folder, run), { recursive: true, force: true })),
  };
}
