/** @file `semblance duplicates` on real files: copies, pictures saved again, scenes, and what a person keeps apart. */
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import type { DuplicatesEvent } from "#shared/domain/duplicates";
import { createEngine } from "#main/engine/engine";
import { cli, type ErrorDocument } from "../support/cli";
import { connect, refusal } from "../support/engine-client";
import { folderState } from "../support/folder-state";
import { picture, writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const photos = join(scratch, "photos");
const library = join(scratch, "library");
const p = (name: string): string => join(photos, name);

interface DuplicatesDocument {
  readonly tier: string;
  readonly metric: string | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly looked: number;
  readonly unlooked: number;
  readonly groups: readonly {
    readonly files: readonly {
      readonly path: string;
      readonly similarity: number | null;
      readonly distance: number | null;
      readonly isBest: boolean;
    }[];
  }[];
}

async function groups(...args: readonly string[]): Promise<readonly (readonly string[])[]> {
  const ran = await cli("duplicates", ...args, "--library", library, "--json");
  expect(ran).toMatchObject({ exitCode: 0 });
  return ran.json<DuplicatesDocument>().groups.map(({ files }) => files.map(({ path }) => path.slice(photos.length + 1)));
}

beforeAll(async () => {
  for (let seed = 0; seed < 24; seed += 1) await writePicture(p(`p${seed}.png`), seed, { width: 192, height: 144 });
  await mkdir(p("again"));
  const original = await picture(3, { width: 192, height: 144 }).png().toBuffer();
  await sharp(original).resize(96, 72).toFile(p("again/half.png"));
  await sharp(original).jpeg({ quality: 60 }).toFile(p("again/saved.jpg"));
  await copyFile(p("p5.png"), p("again/copy.png"));
  await cli("index", "add", photos, "--library", library);
  await cli("index", "run", "--library", library, "--quiet");
});

describe("semblance duplicates", () => {
  test("exact: the same bytes in several files", async () => {
    expect(await groups("--tier", "exact")).toEqual([["p5.png", "again/copy.png"]]);
  });

  test("near: what was saved again or scaled, the largest first, and nothing else", async () => {
    const ran = await cli("duplicates", "--library", library, "--json");
    const { tier, metric, low, high, looked, unlooked, groups: found } = ran.json<DuplicatesDocument>();
    expect({ tier, metric, low, high, looked, unlooked }).toEqual({
      tier: "near",
      metric: "starter-subject",
      low: 0.9,
      high: 1,
      looked: 26,
      unlooked: 0,
    });
    expect(found).toHaveLength(1);
    const [first, ...others] = found[0]?.files ?? [];
    expect(first).toMatchObject({ path: p("p3.png"), isBest: true, similarity: null, distance: null });
    expect(others.map(({ path }) => path).sort()).toEqual([p("again/half.png"), p("again/saved.jpg")]);
    for (const { similarity, distance, isBest } of others) {
      expect(similarity).toBeGreaterThan(0.9);
      expect(distance).toBeLessThanOrEqual(10);
      expect(isBest).toBe(false);
    }
    const text = await cli("duplicates", "--library", library);
    expect(text.out).toMatch(/^group +pixels +size +likeness +file\n +1 +192 x 144 +\d+ kB +best /);
    expect(text.out).toMatch(/1 near group among 26 pictures, alike by starter-subject from 0\.900 to 1\.000\. Nothing was deleted\.\n$/);
  });

  test("scene: by similarity, an interval leaves out what is more alike; a filter limits what is looked at", async () => {
    expect((await groups("--tier", "scene")).some((paths) => paths.includes("p3.png") && paths.includes("again/half.png"))).toBe(true);
    const loose = await cli("duplicates", "--similarity", "0.5,0.9", "--library", library, "--json");
    const { tier, groups: found } = loose.json<DuplicatesDocument>();
    expect(tier).toBe("scene");
    const similarities = found.flatMap(({ files }) => files.flatMap(({ similarity }) => similarity ?? []));
    expect(similarities.length).toBeGreaterThan(0);
    expect(Math.max(...similarities)).toBeLessThanOrEqual(0.9);
    expect(Math.min(...similarities)).toBeGreaterThanOrEqual(0.5);
    expect(await groups("--where", `folder = "${p("again")}"`)).toEqual(
      [["again/half.png", "again/saved.jpg"]].map((pair) => expect.arrayContaining(pair)),
    );
  });

  test("keep-apart is remembered by content, and undone", async () => {
    const apart = await cli("duplicates", "keep-apart", p("p3.png"), p("again/saved.jpg"), "--library", library, "--json");
    expect(apart.json()).toMatchObject({ keptApart: true });
    expect(await groups()).toEqual([["again/saved.jpg", "again/half.png"]]);
    await cli("duplicates", "keep-apart", p("p3.png"), p("again/half.png"), p("again/saved.jpg"), "--library", library);
    expect(await groups()).toEqual([]);
    const undone = await cli("duplicates", "keep-apart", "--undo", p("p3.png"), p("again/half.png"), "--library", library);
    expect(undone.out).toBe("2 pictures may be duplicates of one another again.\n");
    expect(await groups()).toEqual([["p3.png", "again/half.png"]]);
    await cli("duplicates", "keep-apart", "--undo", p("p3.png"), p("again/half.png"), p("again/saved.jpg"), "--library", library);
    expect((await groups())[0]).toHaveLength(3);
  });

  test.each([
    [["--similarity", "0.9,0.5"], "No similarity is at least 0.9 and at most 0.5."],
    [["--similarity", "0.5,1.5"], "--similarity 1.5 is outside -1 to 1."],
    [
      ["--tier", "exact", "--similarity", "0.5,1"],
      "Files of the same bytes are found without a metric, so --similarity and --metric decide nothing.",
    ],
  ])("%s is refused in a sentence", async (args, message) => {
    const ran = await cli("duplicates", ...args, "--library", library, "--json");
    expect(ran.exitCode).toBe(2);
    expect(ran.json<ErrorDocument>().error).toMatchObject({ code: "usage/invalid", message });
  });

  test("one picture cannot be kept apart, nor one that is not in the library; looking changes no file", async () => {
    const before = await folderState(photos);
    const copies = await cli("duplicates", "keep-apart", p("p5.png"), p("again/copy.png"), "--library", library, "--json");
    expect(copies.json<ErrorDocument>().error.message).toBe("Only different pictures can be kept apart, and this is one.");
    expect((await cli("duplicates", "keep-apart", p("p5.png"), p("nowhere.png"), "--library", library)).exitCode).toBe(3);
    expect(await folderState(photos)).toEqual(before);
  });
});

describe("over the contract", () => {
  test("a search says which results nearly equal a better one, where that is asked", async () => {
    const engine = await createEngine({ libraryPath: library, inference: "in-process" });
    try {
      const reference = await engine.library.assetIdOf(p("p3.png"));
      const ask = async (findsCopies: boolean): Promise<readonly (readonly [string, string | null])[]> => {
        const query = {
          references: [{ assetId: reference, weight: 1, crop: null }],
          metric: "starter-style",
          combine: "mean",
          top: 30,
        } as const;
        let answer: readonly (readonly [string, string | null])[] = [];
        const all = { ...query, references: [...query.references], exact: false, folder: null, where: null, against: null, findsCopies };
        for await (const { matches } of await connect(engine).search.run(all))
          answer = matches.map(({ asset, copyOf }) => [asset.id, copyOf]);
        return answer;
      };
      const saved = await engine.library.assetIdOf(p("again/saved.jpg"));
      const half = await engine.library.assetIdOf(p("again/half.png"));
      const copies = (await ask(true)).filter(([, copyOf]) => copyOf !== null);
      expect(copies).toHaveLength(1);
      expect(new Set(copies[0])).toEqual(new Set([saved, half]));
      expect((await ask(false)).every(([, copyOf]) => copyOf === null)).toBe(true);
    } finally {
      await engine.dispose();
    }
  });

  test("progress never falls, the answer comes last, and decisions count at once", async () => {
    const engine = await createEngine({ libraryPath: library, inference: "in-process" });
    try {
      const client = connect(engine);
      const query = { tier: "near", metric: null, low: null, high: null, folder: null, where: null } as const;
      const events: DuplicatesEvent[] = [];
      for await (const event of await client.duplicates.list(query)) events.push(event);
      const done = events.map((event) => event.done);
      expect(done).toEqual(done.toSorted((a, b) => a - b));
      const answer = events.at(-1)?.answer;
      expect(events.slice(0, -1).every((event) => event.answer === null)).toBe(true);
      const assetIds = answer?.groups[0]?.pictures.map(({ asset }) => asset.id) ?? [];
      await client.duplicates.keepApart({ assetIds });
      const after: DuplicatesEvent[] = [];
      for await (const event of await client.duplicates.list(query)) after.push(event);
      expect(after.at(-1)?.answer?.groups).toEqual([]);
      await client.duplicates.undoKeepApart({ assetIds });
      expect(await refusal(client.duplicates.keepApart({ assetIds: ["0".repeat(32), "1".repeat(32)] as never }))).toMatchObject({
        code: "asset/not-found",
      });
    } finally {
      await engine.dispose();
    }
  });
});
