/** @file `semblance votes` on real files and real, tiny models of every family: who says what by which cut-off, and where they disagree. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import type { VotesEvent } from "#shared/domain/vote-report";
import { createEngine } from "#main/engine/engine";
import { cli, type ErrorDocument } from "../support/cli";
import { connect } from "../support/engine-client";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const library = join(scratch, "library");
const photos = join(scratch, "photos");
const outside = join(scratch, "outside.png");
const p = (seed: number): string => join(photos, `p${seed}.png`);
const checkpoint = (name: string): string => join(fileURLToPath(new URL("../golden/fixtures/checkpoints/", import.meta.url)), name);
const votes = (...args: readonly string[]) => cli("votes", ...args, "--library", library);

interface VotesJson {
  readonly voices: readonly {
    readonly voter: string;
    readonly metric: string;
    readonly cutoffs: { readonly usual: number | null; readonly calibrated: number | null };
  }[];
  readonly silent: readonly { readonly voter: string; readonly metric: string; readonly state: string }[];
  readonly counts: Readonly<Record<string, number>>;
  readonly candidates: readonly {
    readonly path: string;
    readonly majority: string | null;
    readonly disputed: boolean;
    readonly votes: readonly {
      readonly voter: string;
      readonly score: number | null;
      readonly percentile: number | null;
      readonly vote: boolean | null;
    }[];
  }[];
}

beforeAll(async () => {
  for (let seed = 0; seed < 22; seed += 1) await writePicture(p(seed), seed);
  await writePicture(outside, 45);
  await cli("index", "add", photos, "--library", library);
  await cli("index", "run", "--library", library, "--quiet");
});

describe("with the starter alone", () => {
  test("its two metrics are the voices, and it is said how the others get theirs", async () => {
    const { voices, silent, candidates } = (await votes(p(0), p(5), "--json")).json<VotesJson>();
    expect(voices.map(({ voter, metric }) => [voter, metric])).toEqual([
      ["starter", "starter-style"],
      ["starter", "starter-subject"],
    ]);
    expect(silent).toMatchObject([
      { voter: "diffsim", metric: "diffsim-s", state: "needs-model" },
      { voter: "clip", metric: "clip-i", state: "needs-model" },
      { voter: "dino", metric: "dinov2-cls", state: "needs-model" },
    ]);
    expect(candidates[0]?.votes.every(({ vote }) => vote !== null)).toBe(true);
    const text = await votes(p(0), p(5));
    expect(text.out).toMatch(
      /^metric +score +beats +cut-off +by +says\nStarter: style +-?[\d.]+ +[\d.]+ % +[\d.]+ +1 in 100 pairs +(?:yes|no)\n/,
    );
    expect(text.out).toContain("DiffSim, CLIP and DINO are not measured, so the starter's two metrics are the only voices.\n");
    expect(text.out).toContain("Add a model for DiffSim-S, CLIP-I and DINOv2 class token with `semblance models add PATH`.\n");
    expect(text.out).toContain("`semblance index run --metric diffsim-s clip-i dinov2-cls` measures the library with them.\n");
  });

  test("a model that is there and not asked for is told apart from one that is missing", async () => {
    await cli("models", "add", checkpoint("clip-vit-tiny"), "--library", library);
    const { silent } = (await votes(p(0), p(5), "--json")).json<VotesJson>();
    expect(silent.map(({ state }) => state)).toEqual(["needs-model", "not-measured", "needs-model"]);
  });
});

describe("with every family", () => {
  beforeAll(async () => {
    for (const name of ["sd15-tiny", "dinov2-tiny"]) await cli("models", "add", checkpoint(name), "--library", library);
    await cli("index", "run", "--metric", "diffsim-s", "clip-i", "dinov2-cls", "--library", library, "--quiet");
  });

  test("each has one voice, scores as compare does, and says yes from its own cut-off on", async () => {
    const { voices, silent, candidates } = (await votes(p(0), p(5), "--json")).json<VotesJson>();
    expect(voices.map(({ voter, metric }) => [voter, metric])).toEqual([
      ["diffsim", "diffsim-s"],
      ["clip", "clip-i"],
      ["dino", "dinov2-cls"],
      ["starter", "starter-style"],
    ]);
    expect(silent).toEqual([]);
    const pair = (await cli("compare", p(0), p(5), "--metric", "ensemble", "--library", library, "--json")).json<{
      readonly members: readonly { readonly score: number; readonly percentile: number }[];
    }>();
    for (const [index, { score, percentile }] of pair.members.entries()) {
      expect(candidates[0]?.votes[index]?.score).toBeCloseTo(score, 5);
      // The pair itself is among the random ones: its last digit decides whether it counts.
      expect(Math.abs((candidates[0]?.votes[index]?.percentile ?? 0) - percentile)).toBeLessThan(1.01 / 231);
    }
    for (const [index, { cutoffs }] of voices.entries()) {
      const { score, vote } = candidates[0]?.votes[index] ?? { score: 0, vote: null };
      expect(vote).toBe((score ?? 0) >= (cutoffs.usual ?? Infinity));
    }
  });

  test("over several references and candidates they disagree, and what most say is counted", async () => {
    const args = ["--references", ...[0, 2, 4, 6, 8, 10, 12].map(p), "--candidates", photos, outside, "--combine", "max"];
    const ran = await votes(...args, "--json");
    expect(ran).toMatchObject({ exitCode: 0 });
    const { candidates, counts } = ran.json<VotesJson>();
    expect(candidates).toHaveLength(16);
    expect(candidates.map(({ path }) => path)).toContain(outside);
    for (const { votes: readings, majority, disputed } of candidates) {
      const given = readings.flatMap(({ vote }) => (vote === null ? [] : [vote]));
      const ayes = given.filter(Boolean).length;
      expect(majority).toBe(2 * ayes === given.length ? "tie" : 2 * ayes > given.length ? "yes" : "no");
      expect(disputed).toBe(ayes > 0 && ayes < given.length);
    }
    expect(counts.disputed).toBeGreaterThan(0);
    expect((counts.yes ?? 0) + (counts.no ?? 0) + (counts.tie ?? 0)).toBe(16);
    const text = await votes(...args, "--metric", "starter-subject");
    expect(text.out).toMatch(/^file +DiffSim-S +CLIP-I +DINOv2 class token +Starter: subject +most say/);
    expect(text.out).toMatch(/Most say yes to \d+ and no to \d+ of 16.*\. They disagree on \d+\.\n$/);
  });

  test("a view hears how far it has come, and the report at last", async () => {
    const engine = await createEngine({ libraryPath: library, inference: "in-process", readOnly: true });
    const client = connect(engine);
    const [one, two, three] = (await client.assets.page({ folder: null, text: null, sort: "name", offset: 0, limit: 3 })).items.map(
      ({ id }) => id,
    );
    if (one === undefined || two === undefined || three === undefined) throw new Error("three pictures");
    const events: VotesEvent[] = [];
    for await (const event of await client.checks.votes({ references: [one], assetIds: [two, three], metric: null })) events.push(event);
    const last = events.at(-1);
    expect(last?.done).toBe(last?.total);
    expect(last?.report?.check.candidates.map(({ asset }) => asset.id)).toEqual([two, three]);
    expect(events.slice(0, -1).every(({ report }) => report === null)).toBe(true);
    await engine.dispose();
  });
});

test.each([
  [[p(0)], "Votes are on two pictures, or on candidates against references."],
  [[p(0), p(1), "--references", p(2)], "Votes are on two pictures, or on candidates against references."],
  [[p(0), p(0)], "None of the pictures to judge is another one than those they are judged by."],
])("%s is refused in a sentence", async (args, message) => {
  const ran = await votes(...args, "--json");
  expect(ran.exitCode).toBe(2);
  expect(ran.json<ErrorDocument>().error.message).toBe(message);
});
