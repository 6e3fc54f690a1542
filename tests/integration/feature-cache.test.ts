/** @file Kept features: forms, the check behind them, what a score says of its precision, budget and clearing, over a library of real files. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { CachedRecipe, CacheStatus } from "#shared/domain/feature-cache";
import { recipeIdSchema } from "#shared/domain/feature-recipe";
import { createEngine } from "#main/engine/engine";
import { cli, type ErrorDocument } from "../support/cli";
import { connect, refusal } from "../support/engine-client";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const photos = join(scratch, "photos");
const library = join(scratch, "library");
const metric = "starter-subject";
const count = 48;

interface Found {
  readonly precision: string;
  readonly results: readonly { readonly path: string; readonly score: number }[];
}

async function cache(...args: readonly string[]) {
  return cli("cache", ...args, "--library", library, "--json");
}

async function status(): Promise<CacheStatus> {
  return (await cache("status")).json<CacheStatus>();
}

async function recipe(): Promise<CachedRecipe> {
  const found = (await status()).recipes.find((each) => each.metric === metric);
  if (found === undefined) throw new Error(`Nothing is kept of ${metric}`);
  return found;
}

async function find(...args: readonly string[]): Promise<Found> {
  const run = await cli("find", join(photos, "p3.png"), "--metric", metric, "--top", "20", "--library", library, "--json", ...args);
  expect(run.err).toBe("");
  return run.json<Found>();
}

beforeAll(async () => {
  for (let seed = 0; seed < count; seed += 1) await writePicture(join(photos, `p${seed}.png`), seed);
  await cli("index", "add", photos, "--library", library);
  await cli("index", "run", "--library", library);
});

describe("what is kept", () => {
  test("status tells files, room, form and budget of each metric", async () => {
    const found = await status();
    expect(found).toMatchObject({ budgetBytes: 20e9, files: 2 * count });
    expect(found.bytes).toBe(found.recipes.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(await recipe()).toMatchObject({ form: "float16", choice: "auto", check: null, files: count });
    const text = await cli("cache", "status", "--library", library);
    expect(text.out).toMatch(/metric +form +tau +recall +files/);
    expect(text.out).toContain(`${2 * count} pictures' features`);
  });

  test("a view gets the same over the contract", async () => {
    const engine = await createEngine({ libraryPath: library, readOnly: true, inference: "in-process", device: "cpu" });
    try {
      expect(await connect(engine).cache.status()).toMatchObject({ files: 2 * count, budgetBytes: 20e9 });
    } finally {
      await engine.dispose();
    }
  });

  test("searches that find kept features are counted", async () => {
    const before = await recipe();
    await find();
    const after = await recipe();
    expect(after.hits - before.hits).toBeGreaterThanOrEqual(count);
    expect(after.misses).toBe(before.misses);
    expect((await status()).hitShare).toBeGreaterThan(0.9);
  });
});

describe("eight bits", () => {
  test("are accepted where they rank as sixteen do, and small features stay as they are all the same", async () => {
    const checked = (await cache("check", metric)).json<CachedRecipe>();
    expect(checked.check).toMatchObject({ queries: 20, pictures: count, isAccepted: true });
    expect(checked.check?.tau).toBeGreaterThan(0.98);
    expect(checked.check?.recall).toBeGreaterThanOrEqual(0.95);
    expect(checked.check?.identity).toBeLessThan(1e-4);
    expect(checked.form).toBe("float16");
    expect((await recipe()).check).toEqual(checked.check);
  });

  test("score the same fresh and kept, say so, stay near the exact scores, and --exact keeps clear of them", async () => {
    const exact = await find();
    expect(exact.precision).toBe("float16");
    expect((await cache("form", metric, "int8")).json<CachedRecipe>()).toMatchObject({ form: "int8", choice: "int8" });
    // What is kept already stays as it is and is read as it is.
    expect(await find()).toMatchObject({ precision: "float16", results: exact.results });

    const before = (await recipe()).bytes;
    await cache("clear", "--recipe", metric);
    expect((await status()).files).toBe(count);
    const fresh = await find();
    const kept = await find();
    expect((await recipe()).files).toBe(count);
    expect((await recipe()).bytes).toBeLessThan(0.8 * before);
    expect(fresh.precision).toBe("int8");
    expect(kept).toMatchObject({ precision: "int8", results: fresh.results });
    const exactScores = new Map(exact.results.map(({ path, score }) => [path, score]));
    for (const { path, score } of fresh.results.filter((each) => exactScores.has(each.path)))
      expect(Math.abs(score - (exactScores.get(path) as number))).toBeLessThan(1e-3);

    expect(await find("--exact")).toMatchObject({ precision: "float16", results: exact.results });
    // Computing again for an exact answer changes nothing that is kept.
    expect((await find()).precision).toBe("int8");
  });

  test("of some pictures among sixteen of others score too, and are named by the coarsest", async () => {
    await cache("form", metric, "float16");
    await writePicture(join(photos, "late.png"), 1000);
    await cli("index", "run", "--library", library);
    const { precision, results } = await find("--top", "60");
    expect(precision).toBe("int8");
    expect(results).toHaveLength(count);
    expect(results.every(({ score }) => score > -1 && score <= 1.0001)).toBe(true);
  });

  test("cannot be checked where too little is kept in sixteen, nor where no tokens are ranked by", async () => {
    const few = await cache("check", metric);
    expect(few.exitCode).not.toBe(0);
    expect(few.json<ErrorDocument>().error.message).toMatch(/1 pictures have features at half precision; a check needs 40/);
    expect((await cache("check", "starter-style")).json<ErrorDocument>().error.message).toMatch(/ranks by one vector/);
  });
});

describe("room", () => {
  const files = () => (existsSync(join(library, "features")) ? readdirSync(join(library, "features"), { recursive: true }) : []);
  const featureFiles = () => files().filter((name) => String(name).endsWith(".features")).length;

  test("a smaller budget drops features at once and holds from then on", async () => {
    const { bytes } = await status();
    const half = (await cache("budget", String(bytes / 2 / 1e9))).json<{ dropped: { files: number; bytes: number } }>();
    expect(half.dropped.files).toBeGreaterThan(0);
    const left = await status();
    expect(left.budgetBytes).toBeCloseTo(bytes / 2);
    expect(left.bytes).toBeLessThanOrEqual(bytes / 2);
    expect(featureFiles()).toBe(left.files);
  });

  test("without any room answers are the same, and nothing is kept", async () => {
    await cache("budget", "20");
    const expected = await find("--exact");
    await cache("budget", "0");
    expect(featureFiles()).toBe(0);
    expect(await find("--exact")).toMatchObject({ precision: "float16", results: expected.results });
    expect(featureFiles()).toBe(0);
  });

  test("clearing starts the counts anew", async () => {
    await cache("budget", "20");
    await find();
    expect((await recipe()).misses).toBeGreaterThan(0);
    expect((await cache("clear")).json<{ dropped: { files: number } }>().dropped.files).toBeGreaterThan(0);
    expect(await status()).toMatchObject({ files: 0, hitShare: null });
  });

  test("a view chooses the form, makes room and clears over the contract; one of a read-only library is refused", async () => {
    await find();
    const { recipeId, files: kept } = await recipe();
    const options = { libraryPath: library, inference: "in-process", device: "cpu" } as const;
    const engine = await createEngine(options);
    try {
      const view = connect(engine).cache;
      expect(await view.chooseForm({ recipeId, choice: "auto" })).toMatchObject({ metric, choice: "auto", form: "float16" });
      expect(await view.setBudget({ bytes: 3e9 })).toEqual({ files: 0, bytes: 0 });
      expect(await view.clear({ recipeId })).toMatchObject({ files: kept });
      expect(await view.status()).toMatchObject({ budgetBytes: 3e9, files: 0 });
      expect(await view.clear({ recipeId: null })).toEqual({ files: 0, bytes: 0 });
      const gone = { recipeId: recipeIdSchema.parse("f".repeat(16)) };
      expect((await refusal(view.clear(gone))).message).toContain("is not measured with ffff");
    } finally {
      await engine.dispose();
    }
    const reader = await createEngine({ ...options, readOnly: true });
    try {
      expect((await refusal(connect(reader).cache.clear({ recipeId: null }))).code).toBe("library/read-only");
      expect((await refusal(connect(reader).cache.setBudget({ bytes: 1e9 }))).code).toBe("library/read-only");
      expect((await connect(reader).cache.status()).budgetBytes).toBe(3e9);
    } finally {
      await reader.dispose();
    }
  });
});

describe("mistakes", () => {
  test.each([
    [["form", "nonsense", "int8"], 2, "The library is not measured with nonsense."],
    [["form", metric, "int4"], 2, 'The form is auto, float16, int8, not "int4".'],
    [["budget", "-1"], 2, "The budget is a number of gigabytes from 0 on"],
    [["budget", "much"], 2, "The budget is a number of gigabytes from 0 on"],
    [["clear", "--recipe", "nonsense"], 2, "The library is not measured with nonsense."],
  ] as const)("%j", async (args, exitCode, sentence) => {
    const run = await cli("cache", ...args, "--library", library);
    expect(run.exitCode).toBe(exitCode);
    expect(run.err).toContain(sentence);
  });
});
