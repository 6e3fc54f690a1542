/** @file Tags, stars and flags, filters, facets and orders: on the command line and over the contract, on real files. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { filterFieldNames } from "#shared/domain/asset-filter-fields";
import { formatFilter } from "#shared/domain/asset-filter-format";
import { parseFilter } from "#shared/domain/asset-filter-parse";
import type { FacetGroup } from "#shared/domain/facet";
import { createEngine } from "#main/engine/engine";
import { cli, type ErrorDocument } from "../support/cli";
import { connect, refusal } from "../support/engine-client";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const photos = join(scratch, "photos");
const library = join(scratch, "library");
const p = (seed: number): string => join(photos, seed % 2 === 0 ? "even" : "odd", `p${seed}.png`);

interface Listed {
  readonly total: number;
  readonly pictures: readonly {
    readonly path: string;
    readonly rating: number | null;
    readonly flag: string | null;
    readonly tags: string[];
  }[];
}

const inLibrary = (...args: readonly string[]) => cli(...args, "--library", library);
async function listed(...args: readonly string[]): Promise<readonly string[]> {
  const run = await inLibrary("list", ...args, "--json");
  expect(run).toMatchObject({ exitCode: 0, err: "" });
  return run.json<Listed>().pictures.map(({ path }) => path);
}

beforeAll(async () => {
  for (let seed = 0; seed < 8; seed += 1) await writePicture(p(seed), seed, { width: 60 + 10 * seed, height: 90 });
  await inLibrary("index", "add", photos);
  await inLibrary("index", "run", "--quiet");
});

describe("tag", () => {
  test("tags, stars and flags are kept in the library and told again", async () => {
    const tagged = await inLibrary("tag", p(1), p(2), "--add", "Ink", "--add", "fox", "--rating", "4", "--pick", "--json");
    expect(tagged.exitCode).toBe(0);
    expect(tagged.json()).toEqual(
      [p(1), p(2)].map((path) => ({ path, assetId: expect.any(String) as string, tags: ["Ink", "fox"], rating: 4, flag: "picked" })),
    );
    await inLibrary("tag", p(2), "--add", "INK", "--remove", "Fox", "--rating", "none", "--reject");
    expect((await inLibrary("tag", p(2), "--json")).json()).toMatchObject([{ tags: ["Ink"], rating: null, flag: "rejected" }]);
    expect((await inLibrary("tag", p(1))).out).toMatch(/^file +rating +flag +tags\n\S+p1\.png +4 +picked +Ink, fox\n$/);
  });

  test("all pictures that pass a filter can be tagged at once", async () => {
    await inLibrary("tag", "--where", "width >= 120 and folder = */odd", "--add", "wide");
    expect(await listed("--where", "tag = wide")).toEqual([p(7)]);
    await inLibrary("tag", "--where", "tag = wide", "--remove", "wide");
    expect((await inLibrary("list", "--where", "tag = wide")).out).toBe("No picture of the library passes the filter tag = wide.\n");
  });

  test("mistakes are told, and nothing is changed", async () => {
    const outside = join(scratch, "outside.png");
    await writePicture(outside, 99);
    const runs = [
      [3, "asset/not-found", await inLibrary("tag", p(3), outside, "--add", "x", "--json")],
      [2, "usage/invalid", await inLibrary("tag", "--add", "x", "--json")],
      [2, "usage/invalid", await inLibrary("tag", p(3), "--where", "tag = x", "--json")],
      [2, "usage/invalid", await inLibrary("tag", p(3), "--rating", "6", "--json")],
      [2, "usage/invalid", await inLibrary("tag", p(3), "--add", " ", "--json")],
      [2, "usage/invalid", await inLibrary("tag", p(3), "--pick", "--reject", "--json")],
      [2, "usage/invalid", await inLibrary("list", "--where", "", "--json")],
      [2, "usage/invalid", await inLibrary("list", "--where", "raitng > 3", "--json")],
    ] as const;
    for (const [exitCode, code, run] of runs) {
      expect(run.exitCode).toBe(exitCode);
      expect(run.json<ErrorDocument>().error).toMatchObject({ code, message: expect.stringMatching(/^[^\n]+[.]$/) as string });
    }
    expect(await listed("--where", "tag = x")).toEqual([]);
  });
});

describe("list", () => {
  test("filters, orders, counts", async () => {
    expect(await listed()).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map(p));
    expect(await listed("--where", "rating >= 4 or flag = rejected")).toEqual([p(1), p(2)]);
    expect(await listed("--where", `folder = "${join(photos, "odd")}" and not has:tag`)).toEqual([3, 5, 7].map(p));
    expect(await listed("--sort", "largest", "--top", "3")).toEqual([7, 6, 5].map(p));
    expect((await listed("--sort", "rating"))[0]).toBe(p(1));
    expect(await listed("--where", "measured = no or missing = yes")).toEqual([]);
    expect(await listed("--where", "width < 80 and orientation = portrait and format in (png, webp)")).toEqual([p(0), p(1)]);
    const text = (await inLibrary("list", "--top", "2")).out;
    expect(text).toMatch(
      /^file +size +rating +flag +tags\n\S+p0\.png +60 x 90\n\S+p1\.png +70 x 90 +4 +picked +Ink, fox\n2 of 8 pictures\.\n$/,
    );
    expect((await inLibrary("list", "--jsonl")).jsonLines()).toHaveLength(8);
  });

  test("a relative folder is one of this shell, and one that begins with a star lies anywhere", async () => {
    const here = process.cwd();
    try {
      process.chdir(photos);
      expect(await listed("--where", "folder = odd")).toEqual([1, 3, 5, 7].map(p));
      expect(await listed("--where", "folder = nowhere")).toEqual([]);
    } finally {
      process.chdir(here);
    }
    expect(await listed("--where", "folder = */even")).toEqual([0, 2, 4, 6].map(p));
  });

  test("facets: a group's own choice does not narrow its counts", async () => {
    const groups = (await inLibrary("list", "--facets", "--where", "tag = fox and flag = picked", "--json")).json<readonly FacetGroup[]>();
    const group = (id: string) => groups.find((each) => each.id === id)?.values;
    expect(group("tag")).toEqual([
      { value: "Ink", count: 1, isSelected: false },
      { value: "fox", count: 1, isSelected: true },
    ]);
    expect(group("rating")).toEqual([{ value: "4", count: 1, isSelected: false }]);
    expect(group("measured")).toEqual([{ value: "yes", count: 1, isSelected: false }]);
    expect((await inLibrary("list", "--facets")).out).toMatch(
      /^field +value +pictures\nflag +picked +1\nflag +rejected +1\nrating +4 +1\ntag +Ink +2\n/,
    );
  });

  test("where nothing is, nothing is told of", async () => {
    expect((await cli("list", "--library", join(scratch, "nowhere"), "--json")).json()).toEqual({ total: 0, pictures: [] });
  });
});

test("every example of the page about filters is understood, and every field stands on it", async () => {
  const page = await readFile(new URL("../../docs/filter-expressions.md", import.meta.url), "utf8");
  const examples = [...page.matchAll(/```filter\n([^`]+)```/g)].flatMap(([, block = ""]) => block.trim().split("\n"));
  expect(examples.length).toBeGreaterThan(4);
  for (const example of examples) expect(formatFilter(parseFilter(example))).not.toBe("");
  for (const field of filterFieldNames) expect(page).toContain(`\`${field}\``);
});

describe("find", () => {
  test("only among the pictures that pass", async () => {
    const found = await inLibrary("find", p(4), "--where", "folder = */odd and width > 80", "--json");
    expect(
      found
        .json<{ results: { path: string }[] }>()
        .results.map(({ path }) => path)
        .sort(),
    ).toEqual([3, 5, 7].map(p));
    const exact = await inLibrary("find", p(4), "--where", "folder = */odd and width > 80", "--exact", "--json");
    expect(exact.json<{ results: object[] }>().results).toHaveLength(3);
    const none = await inLibrary("find", p(4), "--where", "width > 5000");
    expect(none).toMatchObject({ exitCode: 0, out: "No measured picture of the library passes the filter width > 5000.\n" });
  });
});

describe("export xmp", () => {
  interface Report {
    readonly written: readonly string[];
    readonly unchanged: number;
    readonly skipped: readonly { readonly path: string; readonly reason: string }[];
    readonly dryRun: boolean;
  }
  const exported = async (...args: readonly string[]): Promise<Report> =>
    (await inLibrary("export", "xmp", ...args, "--json")).json<Report>();
  const out = join(scratch, "sidecars");

  test("into a folder that repeats those of the library, one per picture about which something was said", async () => {
    const sidecar = (path: string): string => `${join(out, "photos", relative(photos, path))}.xmp`;
    const dry = await exported("--out", out, "--dry-run");
    expect(dry).toEqual({ written: expect.any(Array) as string[], unchanged: 0, skipped: [], dryRun: true });
    expect([...dry.written].sort()).toEqual([sidecar(p(2)), sidecar(p(1))].sort());
    await expect(stat(out)).rejects.toMatchObject({ code: "ENOENT" });
    expect((await exported("--out", out, "--where", "rating = 4")).written).toEqual([sidecar(p(1))]);
    expect(await readFile(sidecar(p(1)), "utf8")).toMatch(/xmp:Rating="4"[\s\S]*<rdf:li>Ink<\/rdf:li>\n +<rdf:li>fox<\/rdf:li>/);
    expect(await exported("--out", out)).toMatchObject({ written: [sidecar(p(2))], unchanged: 1 });
  });

  test("beside the pictures: foreign sidecars are left and told, and pictures are as they were", async () => {
    const state = async () => Promise.all([p(1), p(2)].map(async (path) => [await readFile(path), (await stat(path)).mtimeMs]));
    const before = await state();
    await writeFile(`${p(2)}.xmp`, "<x:xmpmeta x:xmptk='another program'/>");
    const report = await exported("--beside");
    expect(report).toMatchObject({ written: [`${p(1)}.xmp`], skipped: [{ path: `${p(2)}.xmp`, reason: "another program wrote it" }] });
    expect(await readFile(`${p(2)}.xmp`, "utf8")).toContain("another program");
    expect(await state()).toEqual(before);
    const run = await inLibrary("index", "run", "--json");
    expect(run.json<{ skipped: object[] }>().skipped).toEqual([]);
    const text = (await inLibrary("export", "xmp", "--beside")).out;
    expect(text).toBe(`Wrote 0 sidecars; 1 said it already.\nSkipped 1:\n  ${p(2)}.xmp: another program wrote it\n`);
    for (const seed of [1, 2]) await rm(`${p(seed)}.xmp`);
  });

  test("the place must be said, and only one", async () => {
    for (const args of [[], ["--out", out, "--beside"], ["--out", ""]])
      expect((await inLibrary("export", "xmp", ...args, "--json")).exitCode).toBe(2);
  });
});

test("export list: a table with what was said, as CSV and as JSON", async () => {
  const csv = (await inLibrary("export", "list", "--where", "has:tag")).out.trimEnd().split("\n");
  expect(csv).toHaveLength(3);
  expect(csv[0]).toMatch(/^path,assetId,width,height,format,sizeBytes,modified,taken,camera,rating,flag,tags,generator,model,/);
  expect(csv.find((line) => line.startsWith(p(1)))).toMatch(/,70,90,png,\d+,20[^,]+Z,,,4,picked,"Ink, fox",,,/);
  const rows = (await inLibrary("export", "list", "--where", "has:tag", "--json")).json<readonly object[]>();
  expect(rows).toContainEqual(
    expect.objectContaining({ path: p(2), flag: "rejected", rating: null, tags: ["Ink"], model: null, loras: [] }),
  );
});

describe("over the contract", () => {
  test("what was said is undone, tags are counted, and tiles and details show it", async () => {
    const engine = await createEngine({ libraryPath: library, inference: "in-process" });
    try {
      const client = connect(engine);
      const page = await client.assets.page({ folder: null, text: null, where: "rating = 4", sort: "name", offset: 0, limit: 10 });
      expect(page).toMatchObject({ total: 1, items: [{ name: "p1.png", rating: 4, flag: "picked" }] });
      const changes = client.system.changes({}, { signal: AbortSignal.timeout(20_000) });
      const assetId = page.items[0]?.id as string;
      const heard = (await changes).next();
      const { previous } = await client.annotations.set({ assetIds: [assetId], change: { rating: null, addTags: ["new"] } });
      expect((await heard).value).toEqual({ topic: "assets" });
      expect(previous).toEqual([{ assetId, annotation: { tags: ["Ink", "fox"], rating: 4, flag: "picked" } }]);
      expect((await client.assets.detail({ assetId })).annotation).toEqual({ tags: ["Ink", "fox", "new"], rating: null, flag: "picked" });
      expect(await client.annotations.tags()).toEqual([
        { tag: "fox", count: 1 },
        { tag: "Ink", count: 2 },
        { tag: "new", count: 1 },
      ]);
      await client.annotations.restore({ annotations: previous });
      expect((await client.assets.detail({ assetId })).annotation).toEqual(previous[0]?.annotation);
      const unknown = client.annotations.set({ assetIds: ["0".repeat(32)], change: { rating: 1 } });
      expect(await refusal(unknown)).toMatchObject({ code: "asset/not-found" });
      const misread = client.assets.facets({ folder: null, text: null, where: "tag =" });
      expect(await refusal(misread)).toMatchObject({ code: "usage/invalid", message: expect.stringContaining("character 6") as string });
    } finally {
      await engine.dispose();
    }
  });

  test("a picture that moves, leaves or comes back keeps what was said about it", async () => {
    const bytes = await readFile(p(1));
    await mkdir(join(photos, "moved"));
    await rename(p(1), join(photos, "moved", "other.png"));
    await inLibrary("index", "run", "--quiet");
    expect(await listed("--where", "tag = fox")).toEqual([join(photos, "moved", "other.png")]);
    await rename(join(photos, "moved", "other.png"), join(scratch, "away.png"));
    await rm(join(photos, "moved"), { recursive: true });
    await inLibrary("index", "run", "--quiet");
    expect(await listed("--where", "tag = fox")).toEqual([]);
    await rename(join(scratch, "away.png"), p(1));
    await inLibrary("index", "run", "--quiet");
    expect((await inLibrary("tag", p(1), "--json")).json()).toMatchObject([{ tags: ["Ink", "fox"], rating: 4, flag: "picked" }]);
    expect(
      createHash("sha256")
        .update(await readFile(p(1)))
        .digest("hex"),
    ).toBe(createHash("sha256").update(bytes).digest("hex"));
  });
});
