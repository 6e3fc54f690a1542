/** @file Sets of judgements over the contract: added, run, stopped and gone on with, looked at triplet by triplet; sample sets and one's own. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readTripletFile } from "#main/data/datasets/triplet-file";
import { createEngine, type Engine } from "#main/engine/engine";
import { parseMediaPath } from "#main/engine/media-handler";
import { judgedUrl, type MediaRequest } from "#shared/contract/media-routes";
import type { BenchmarkSet, TripletFilter } from "#shared/domain/benchmark";
import type { JobId } from "#shared/domain/job";
import { writeIp, writeNights } from "../support/benchmark-sets";
import { cli } from "../support/cli";
import { connect, engineQuestions, refusal } from "../support/engine-client";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const library = join(scratch, "library");
const nights = join(scratch, "nights");
let engine: Engine;
const open = async (): Promise<void> => {
  engine = await createEngine({ libraryPath: library, inference: "in-process" });
};
const client = () => connect(engine).benchmarks;
const { finished } = engineQuestions(() => engine);

beforeAll(async () => {
  await writeNights(nights);
  await open();
});
afterAll(() => engine.dispose());

const sets = async (): Promise<readonly BenchmarkSet[]> => (await client().list()).sets;
async function setNamed(title: string): Promise<BenchmarkSet> {
  const set = (await sets()).find((each) => each.title === title);
  if (set === undefined) throw new Error(`There is no set ${title}`);
  return set;
}
const filtered = async (setId: string, filter: TripletFilter) => client().triplets({ setId, filter, offset: 0, limit: 500 });

test("a library begins with the labels of the sample pictures and no judgements of one's own", async () => {
  const { layouts } = await client().list();
  expect(layouts.map(({ title }) => title)).toContain("DreamBench++");
  expect((await sets()).map(({ title, kind, triplets, latest }) => [title, kind, triplets, latest])).toEqual([
    ["Sample library, style", "labels", 160, null],
    ["Sample library, subject", "labels", 160, null],
    ["My verdicts", "verdicts", 0, null],
    ["My judgements", "own", 0, null],
  ]);
  expect((await setNamed("Sample library, style")).notes).toEqual([
    "The truth of this set are the labels of the sample pictures, by style. No people were asked.",
  ]);
  const own = await setNamed("My judgements");
  expect(await refusal(client().run({ setId: own.id, metrics: null }))).toMatchObject({ code: "usage/invalid" });
  expect(await client().judgements.next()).toBeNull();
});

describe("a folder", () => {
  test("is recognised, and says what it lacks", async () => {
    const ip = join(scratch, "ip");
    await writeIp(ip);
    expect(await client().look({ path: nights, layout: null })).toMatchObject({
      layout: "nights",
      triplets: 5,
      partial: null,
      problem: null,
    });
    expect(await client().look({ path: ip, layout: null })).toMatchObject({
      layout: "ip",
      triplets: 7,
      partial: "Of 15 pairs 7 can be formed.",
    });
    expect((await client().look({ path: scratch, layout: "tid2013" })).problem).toMatch(/holds no reference of TID2013/);
    expect(await client().look({ path: join(scratch, "nowhere"), layout: null })).toMatchObject({ layout: null, triplets: 0 });
    expect(await refusal(client().add({ path: nights, layout: "cute" }))).toMatchObject({ code: "dataset/malformed" });
  });

  test("is run as a job, and every triplet says what each metric chose", async () => {
    const set = await client().add({ path: nights, layout: "nights" });
    expect(set).toMatchObject({ title: "NIGHTS", kind: "layout", triplets: 5, partial: null, latest: null, jobId: null });
    expect(await client().result({ setId: set.id })).toBeNull();
    const { jobId } = await client().run({ setId: set.id, metrics: ["starter-style", "starter-subject"] });
    expect(await finished(jobId)).toMatchObject({ kind: "benchmark", title: "NIGHTS", total: 5 });
    const result = await client().result({ setId: set.id });
    expect(result).toMatchObject({ judged: 5, total: 5, set: { jobId: null, latest: { judged: 5, finishedMs: expect.any(Number) } } });
    const [style, subject] = result?.metrics ?? [];
    expect([style?.metric, subject?.metric, style?.total, style?.calibration, style?.published]).toEqual([
      "starter-style",
      "starter-subject",
      5,
      null,
      null,
    ]);
    expect(style?.groups.map(({ group, total }) => [group, total])).toEqual([
      ["val", 3],
      ["test", 2],
    ]);
    expect(result?.votes.voters.map(({ letter }) => letter)).toEqual(["S", "I"]);
    expect(result?.votes.combinations.reduce((sum, { count }) => sum + count, 0)).toBe(5);
    const all = await filtered(set.id, { kind: "all" });
    const isRight = (metric: string) =>
      all.items.filter((item) => item.decisions.find((each) => each.metric === metric)?.chose === item.choice);
    expect([style?.correct, subject?.correct]).toEqual([isRight("starter-style").length, isRight("starter-subject").length]);
    const wrong = await filtered(set.id, { kind: "wrong", metric: "starter-style" });
    expect(wrong.total).toBe(5 - (style?.correct ?? 0));
    for (const { right, count } of result?.votes.combinations ?? []) {
      const metrics = ["starter-style", "starter-subject"].filter((_, place) => right[place]);
      expect((await filtered(set.id, { kind: "right", metrics })).total).toBe(count);
    }
    expect((await filtered(set.id, { kind: "disagree" })).total).toBe(
      all.items.filter(({ decisions }) => new Set(decisions.map(({ chose }) => chose)).size > 1).length,
    );
    expect(all.items[1]).toMatchObject({ index: 1, choice: "b", reference: { path: join(nights, "ref/000/001.png"), assetId: null } });
  });

  test("is the same set for the command line, whose run shows here", async () => {
    await engine.dispose();
    const ran = await cli("bench", nights, "--layout", "nights", "--metrics", "starter-style", "--library", library, "--json");
    expect(ran.exitCode).toBe(0);
    await open();
    const set = await setNamed("NIGHTS");
    expect((await client().result({ setId: set.id }))?.metrics.map(({ metric }) => metric)).toEqual(["starter-style"]);
  });

  test("shows its pictures by place, and nothing else by them", async () => {
    const { id: setId } = await setNamed("NIGHTS");
    const request = parseMediaPath(judgedUrl({ setId, index: 1, side: "b" }, 256)) as MediaRequest;
    expect(request).toEqual({ kind: "judged", size: 256, setId, index: 1, side: "b" });
    const { path, contentType } = await engine.media(request);
    expect([contentType, path.startsWith(join(library, "viewing"))]).toEqual(["image/webp", true]);
    expect((await engine.media(request)).path).toBe(path);
    await expect(engine.media({ kind: "judged", size: 256, setId, index: 99, side: "a" })).rejects.toThrow("no such triplet");
    await expect(engine.media({ kind: "judged", size: 256, setId: "no-set", index: 0, side: "a" })).rejects.toThrow("not in the library");
    for (const odd of ["256/..%2F../1/a", "256/x/1/a/../b", "256/x/-1/a", "256/x/1/path", "99/x/1/a"])
      expect(parseMediaPath(`/media/judged/${odd}`)).toBeNull();
  });

  test("is forgotten without a change to its files", async () => {
    const { id } = await setNamed("NIGHTS");
    await client().remove({ setId: id });
    expect((await sets()).map(({ title }) => title)).not.toContain("NIGHTS");
    expect(await readFile(join(nights, "data.csv"), "utf8")).toContain("left_vote");
    expect(await refusal(client().result({ setId: id }))).toMatchObject({ code: "usage/invalid" });
  });
});

test("a run that is paused goes on, one that is stopped shows what it found so far and goes on from there", async () => {
  const set = await setNamed("Sample library, style");
  const jobs = connect(engine).jobs;
  const { jobId } = await client().run({ setId: set.id, metrics: ["starter-subject"] });
  expect((await client().run({ setId: set.id, metrics: null })).jobId).toBe(jobId);
  await reached(jobId, 3);
  await jobs.pause({ jobId });
  expect((await setNamed("Sample library, style")).jobId).toBe(jobId);
  await jobs.resume({ jobId });
  await reached(jobId, 6);
  await jobs.cancel({ jobId });
  await engine.jobs.finished(jobId);
  const partial = await client().result({ setId: set.id });
  expect(partial).toMatchObject({ total: 160, finishedMs: null, set: { jobId: null, latest: { finishedMs: null } } });
  expect(partial?.judged).toBeGreaterThanOrEqual(6);
  expect(partial?.judged).toBeLessThan(160);
  const again = await client().run({ setId: set.id, metrics: ["starter-subject"] });
  await reached(again.jobId, 1);
  expect((await jobs.cancel(again)).total).toBe(160 - (partial?.judged ?? 0));
  await engine.jobs.finished(again.jobId);
});

/** Waits until a job has done so many triplets. */
async function reached(jobId: JobId, done: number): Promise<void> {
  for await (const job of engine.jobs.events()) if (job.id === jobId && job.done >= done) return;
}

test("triplets of the library are dealt, judged, taken back, run from what is measured, and written for tune", async () => {
  const pictures = join(scratch, "pictures");
  for (let seed = 0; seed < 8; seed += 1) await writePicture(join(pictures, `p${seed}.png`), seed);
  await finished((await connect(engine).roots.add({ paths: [pictures] })).jobId);
  const { judgements } = client();
  const first = await judgements.next();
  expect(await judgements.next()).toEqual(first);
  const choices = ["a", "b", null, "a"] as const;
  for (const choice of choices) {
    const dealt = await judgements.next();
    if (dealt === null) throw new Error("Nothing was dealt");
    const { number, group, reference, a, b } = dealt;
    expect(new Set([reference.id, a.id, b.id]).size).toBe(3);
    const said = { number, group, reference: reference.id, a: a.id, b: b.id, choice };
    await judgements.say(said);
    await judgements.say(said);
  }
  await judgements.undo();
  const set = await setNamed("My judgements");
  expect(set).toMatchObject({ triplets: 2, skipped: [{ reason: "a triplet that you skipped", count: 1 }] });
  const { jobId } = await client().run({ setId: set.id, metrics: null });
  await finished(jobId);
  const result = await client().result({ setId: set.id });
  expect(result?.metrics.map(({ metric, total }) => [metric, total])).toEqual([
    ["starter-style", 2],
    ["starter-subject", 2],
  ]);
  expect((await filtered(set.id, { kind: "all" })).items[0]?.reference.assetId).toBe(first?.reference.id);
  const table = join(scratch, "own.csv");
  await writeFile(table, (await client().table({ setId: set.id })).csv);
  expect((await readTripletFile(table)).triplets.map(({ choice }) => choice)).toEqual(["a", "b"]);
});

test("what was accepted and rejected in Consistency is a set too", async () => {
  const { verdicts } = connect(engine).checks;
  const [reference, good, bad] = (await engineQuestions(() => engine).allAssets()).map(({ id }) => id);
  if (reference === undefined || good === undefined || bad === undefined) throw new Error("The library holds too few pictures");
  await verdicts.set({ references: [reference], assetIds: [good], verdict: "accepted", measures: [] });
  await verdicts.set({ references: [reference], assetIds: [bad], verdict: "rejected", measures: [] });
  const set = await setNamed("My verdicts");
  expect(set).toMatchObject({ kind: "verdicts", triplets: 1, folder: null });
  expect((await client().table({ setId: set.id })).csv.split("\r\n")[0]).toBe("reference,a,b,choice");
  await finished((await client().run({ setId: set.id, metrics: ["starter-subject"] })).jobId);
  const [triplet] = (await filtered(set.id, { kind: "all" })).items;
  expect([triplet?.reference.assetId, triplet?.[triplet.choice].assetId]).toEqual([reference, good]);
});

test("a library that is only read shows what is there and takes nothing", async () => {
  await engine.dispose();
  engine = await createEngine({ libraryPath: library, inference: "in-process", readOnly: true });
  const set = await setNamed("My judgements");
  expect((await client().result({ setId: set.id }))?.judged).toBe(2);
  expect(await refusal(client().run({ setId: set.id, metrics: null }))).toMatchObject({ code: "library/read-only" });
  expect(await refusal(client().judgements.undo())).toMatchObject({ code: "library/read-only" });
});
