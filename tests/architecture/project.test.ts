/** @file Facts about the whole project that no single file can show. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { engineContract } from "../../src-shared/contract/engine-contract";

const root = fileURLToPath(new URL("../../", import.meta.url));

interface Listed {
  readonly dependencies?: Readonly<Record<string, Listed>>;
  readonly version?: string;
}

function versionsOf(name: string, tree: Listed, found = new Set<string>()): Set<string> {
  for (const [child, listed] of Object.entries(tree.dependencies ?? {})) {
    if (child === name && listed.version) found.add(listed.version);
    versionsOf(name, listed, found);
  }
  return found;
}

test("there is one onnxruntime-node", () => {
  const listing = execFileSync("npm", ["ls", "onnxruntime-node", "--all", "--json"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  expect([...versionsOf("onnxruntime-node", JSON.parse(listing) as Listed)]).toHaveLength(1);
});

test("the lock file names no download addresses", () => {
  expect(readFileSync(join(root, "package-lock.json"), "utf8")).not.toMatch(/"resolved": "https?:/);
});

describe("bundles", () => {
  /** A bundle and every chunk it reaches by static import. */
  function reach(file: string, seen = new Set<string>()): Set<string> {
    if (seen.has(file)) return seen;
    seen.add(file);
    const source = readFileSync(file, "utf8");
    for (const [, path] of source.matchAll(/(?:from|import)\s*\(?["'](\.[^"']+)["']/g)) if (path) reach(join(file, "..", path), seen);
    return seen;
  }

  test.each(["headless.js", "cli.js", "engine-process.js", "inference-worker.js"])("%s contains no electron", (entry) => {
    const files = [...reach(join(root, "out", "main", entry))];
    const offenders = files.filter((file) => /(?:from|import|require)\s*\(?["']electron["']/.test(readFileSync(file, "utf8")));
    expect(offenders).toEqual([]);
  });

  test("the interface loads nothing from elsewhere", () => {
    const page = readFileSync(join(root, "out", "renderer", "index.html"), "utf8");
    expect(page).not.toMatch(/(?:src|href)="https?:/);
  });
});

describe("contract", () => {
  /** Every schema that a procedure takes or answers. */
  function schemas(node: unknown, path: string): readonly [string, z.ZodType][] {
    if (typeof node !== "object" || node === null) return [];
    const definition = (node as { "~orpc"?: { inputSchema?: z.ZodType; outputSchema?: z.ZodType } })["~orpc"];
    if (definition) {
      return [
        [`${path} in`, definition.inputSchema],
        [`${path} out`, definition.outputSchema],
      ].flatMap(([name, schema]): [string, z.ZodType][] =>
        typeof name === "string" && schema instanceof z.ZodType ? [[name, schema]] : [],
      );
    }
    return Object.entries(node).flatMap(([key, child]) => schemas(child, `${path}.${key}`));
  }

  test.each(schemas(engineContract, "engine"))("%s is plain JSON: no typed arrays cross the contract", (_name, schema) => {
    expect(() => z.toJSONSchema(schema, { unrepresentable: "throw", io: "input" })).not.toThrow();
  });
});

test("every source file says what it is", () => {
  const sources = ["src-main", "src-shared", "src-renderer"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(root, folder, name)),
  );
  const silent = sources
    .filter((file) => /\.tsx?$/.test(file) && !/\.(test|d)\.tsx?$/.test(file))
    .filter((file) => !/^\/\*\*\s+(\*\s+)?@file /.test(readFileSync(file, "utf8")));
  expect(silent).toEqual([]);
});
