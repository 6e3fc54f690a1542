/** @file Reads the golden cases under tests/golden/fixtures: numbers made by running the published Python. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const fixtures = fileURLToPath(new URL("../golden/fixtures/", import.meta.url));

/** One case as its JSON file holds it; `parameters` and `outputs` differ by family. */
export interface GoldenCase {
  readonly id: string;
  readonly source: string;
  readonly checkpoint: string | null;
  readonly images: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly tensors?: Readonly<Record<string, { readonly shape: readonly number[]; readonly what: string }>>;
  readonly tolerance: Readonly<Record<string, number>>;
}

/** Every case of a family, in name order; optionally only those whose file name starts with `prefix`. */
export function goldenCases(family: string, prefix = ""): readonly GoldenCase[] {
  const folder = join(fixtures, "cases", family);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json") && name.startsWith(prefix))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as GoldenCase);
}

/** One case by its file name without the ending. */
export function goldenCase(family: string, name: string): GoldenCase {
  return JSON.parse(readFileSync(goldenFixture(join("cases", family, `${name}.json`)), "utf8")) as GoldenCase;
}

/** Absolute path of any file under the fixtures. */
export function goldenFixture(path: string): string {
  return join(fixtures, path);
}

/** Absolute path of the safetensors file beside a case. */
export function goldenTensors(goldenCase: GoldenCase): string {
  return join(fixtures, "cases", `${goldenCase.id}.safetensors`);
}

/** Absolute path of a tiny checkpoint. */
export function goldenCheckpoint(name: string): string {
  return join(fixtures, "checkpoints", name);
}

/** Absolute path of an input image. */
export function goldenImage(name: string): string {
  return join(fixtures, "images", name);
}
