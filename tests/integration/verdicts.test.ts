/** @file Verdicts by hand: `semblance verdicts` on real files, the judgements that follow from them, and what a view is told. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { createEngine } from "#main/engine/engine";
import { cli, type ErrorDocument } from "../support/cli";
import { connect, refusal } from "../support/engine-client";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const library = join(scratch, "library");
const photos = join(scratch, "photos");
const outside = join(scratch, "outside.png");
const p = (seed: number): string => join(photos, `p${seed}.png`);
const dino = fileURLToPath(new URL("../golden/fixtures/checkpoints/dinov2-tiny", import.meta.url));
const verdicts = (...args: readonly string[]) => cli("verdicts", ...args, "--library", library);

interface VerdictsDocument {
  readonly verdicts: readonly { readonly path: string; readonly verdict: string; readonly references: readonly string[] }[];
}
const listed = async (...args: readonly string[]): Promise<Record<string, string>> => {
  const ran = await verdicts("list", ...args, "--json");
  expect(ran.exitCode).toBe(0);
  return Object.fromEntries(ran.json<VerdictsDocument>().verdicts.map(({ path, verdict }) => [path, verdict]));
};

beforeAll(async () => {
  for (let seed = 0; seed < 16; seed += 1) await writePicture(p(seed), seed);
  await writePicture(outside, 40);
  await cli("index", "add", photos, "--library", library);
  await cli("index", "run", "--library", library, "--quiet");
});

describe("semblance verdicts", () => {
  test("nothing yet", async () => {
    expect((await verdicts("list")).out).toBe("Nothing was decided by hand.\n");
    const ran = await verdicts("export", join(scratch, "none.csv"), "--json");
    expect(ran.exitCode).toBe(2);
    expect(ran.json<ErrorDocument>().error.message).toBe(
      "There are no judgements to write: no reference has both an accepted and a rejected picture.",
    );
  });

  test("what is decided holds for checks that share a reference, until it is taken back", async () => {
    const ran = await verdicts("set", "accepted", p(5), p(10), outside, "--references", p(0), p(1));
    expect(ran.out).toBe("3 pictures are accepted.\n");
    await verdicts("set", "rejected", p(2), p(3), p(4), p(6), "--references", p(0), p(1));
    await verdicts("set", "undecided", p(7), "--references", p(0));
    expect(await listed("--references", p(1), p(15))).toMatchObject({ [p(5)]: "accepted", [p(2)]: "rejected" });
    expect(Object.keys(await listed())).toHaveLength(8);
    expect(await listed("--references", p(15))).toEqual({});
    expect((await verdicts("set", "none", p(6), "--references", p(0), p(1))).out).toBe("1 picture is left to the cut-offs.\n");
    expect(await listed("--references", p(0))).not.toHaveProperty([p(6)]);
    expect((await verdicts("list")).out).toMatch(/^verdict +decided +references +file\nundecided +\d{4}-\d\d-\d\d \d\d:\d\d +1 +/);
  });

  test("judgements follow from them, which bench measures metrics by and tune finds settings by", async () => {
    const csv = join(scratch, "mine.csv");
    const written = await verdicts("export", csv);
    // Two references, three accepted, three rejected.
    expect(written.out).toBe(`Wrote 18 of 18 judgements to ${csv}.\n`);
    const text = await readFile(csv, "utf8");
    expect(text).toMatch(/^reference,a,b,choice\r\n/);
    const ran = await cli("bench", scratch, "--triplets", csv, "--library", library, "--json");
    expect(ran.json()).toMatchObject({ triplets: 18, metrics: { "starter-style": { total: 18 }, "starter-subject": { total: 18 } } });
    const tuned = await cli("tune", csv, "--metric", "dinov2-aas", "--checkpoint", dino, "--json");
    expect(tuned).toMatchObject({ exitCode: 0 });
    expect(tuned.json<{ best: { flags: string } }>().best.flags).toMatch(/^--layer \d$/);
    expect((await verdicts("export", csv, "--limit", "7", "--json")).json()).toMatchObject({ triplets: 7, possible: 18 });
  });

  test.each([
    [["clear"], "It is not said which verdicts are forgotten."],
    [["set", "accepted", "PICTURE", "--references", "PICTURE"], "A reference is what others are judged by, and has no verdict of its own."],
    [["set", "maybe", "PICTURE", "--references", "PICTURE"], /Allowed choices are accepted, undecided, rejected, none\.$/],
    [["export", join(scratch, "mine.txt")], /mine\.txt does not end in \.csv\.$/],
  ])("%s is refused in a sentence", async (args, message) => {
    const ran = await verdicts(...args.map((arg) => (arg === "PICTURE" ? p(8) : arg)), "--json");
    expect(ran.exitCode).toBe(2);
    expect(ran.json<ErrorDocument>().error.message).toMatch(message);
  });

  test("cleared by reference, then all", async () => {
    expect((await verdicts("clear", "--references", p(1))).out).toBe("6 verdicts forgotten.\n");
    expect((await verdicts("clear", "--all")).out).toBe("1 verdict forgotten.\n");
    expect(await listed()).toEqual({});
  });
});

test("a view decides, is told what holds, and takes it back; a read-only library refuses", async () => {
  const engine = await createEngine({ libraryPath: library, inference: "in-process" });
  const client = connect(engine);
  const [one, two, three, four] = (await client.assets.page({ folder: null, text: null, sort: "name", offset: 0, limit: 4 })).items.map(
    ({ id }) => id,
  );
  if (one === undefined || two === undefined || three === undefined || four === undefined) throw new Error("four pictures");
  const measures = [{ metric: "starter-subject", area: "whole" as const }];
  const change = { references: [one, two], assetIds: [three], verdict: "accepted" as const, measures };
  await client.checks.verdicts.set(change);
  // Two that come together: the second undoes to the first.
  const [, second] = await Promise.all([
    client.checks.verdicts.set({ ...change, assetIds: [three, four], verdict: "rejected" }),
    client.checks.verdicts.set({ ...change, verdict: "undecided" }),
  ]);
  const holding = async (...references: (typeof one)[]) =>
    (await client.checks.verdicts.list({ references })).map(({ assetId, verdict }) => [assetId, verdict]);
  expect(await holding(two)).toEqual([
    [three, "undecided"],
    [four, "rejected"],
  ]);
  await client.checks.verdicts.restore(second.previous);
  expect(Object.fromEntries(await holding(one))).toEqual({ [three]: "rejected", [four]: "rejected" });
  await engine.dispose();

  const reader = await createEngine({ libraryPath: library, inference: "in-process", readOnly: true });
  expect(await connect(reader).checks.verdicts.list({ references: [one] })).toHaveLength(2);
  expect(await refusal(connect(reader).checks.verdicts.set(change))).toMatchObject({ code: "library/read-only" });
  await reader.dispose();
});
