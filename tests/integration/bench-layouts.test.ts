/** @file Every dataset layout: which triplets are read, and that the runner decides each as the metric itself does. */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Triplet } from "#main/data/datasets/triplet";
import { decodeImage } from "#main/data/imaging/decode";
import type { BenchReport } from "#main/engine/bench/report";
import { createInProcessInference } from "#main/engine/inference/in-process-inference";
import { writeCute, writeDreambenchPlus, writeIp, writeNights, writeStyleSet, writeTid2013 } from "../support/benchmark-sets";
import { cli, type ErrorDocument } from "../support/cli";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const library = join(scratch, "library");
const inference = createInProcessInference({ device: "cpu", threads: 1 });
afterAll(() => inference.dispose());

async function run(
  layout: string,
  dataset: string,
  ...options: readonly string[]
): Promise<{ report: BenchReport; triplets: readonly Triplet[] }> {
  const ran = await cli("bench", dataset, "--layout", layout, "--metrics", "starter-style", "--library", library, "--json", ...options);
  expect(ran.exitCode).toBe(0);
  const report = ran.json<BenchReport>();
  const { triplets } = JSON.parse(await readFile(report.manifest, "utf8")) as { triplets: readonly Triplet[] };
  return { report, triplets };
}

const scores = new Map<string, Promise<number>>();

/** The score of a pair by the metric itself, without the runner. */
function score(dataset: string, a: string, b: string): Promise<number> {
  const key = `${dataset} ${a} ${b}`;
  const known = scores.get(key);
  if (known !== undefined) return known;
  const compared = (async () => {
    const [one, other] = [
      await decodeImage(join(dataset, a), { mode: "corrected" }),
      await decodeImage(join(dataset, b), { mode: "corrected" }),
    ];
    const pair = { metric: "starter-style", modelPath: null, a: one, b: other, options: { mode: "corrected" } } as const;
    return (await inference.comparePair(pair)).score;
  })();
  scores.set(key, compared);
  return compared;
}

/** Decides each triplet anew and compares with what the runner kept and counted. */
async function expectSameDecisions(dataset: string, { report, triplets }: Awaited<ReturnType<typeof run>>): Promise<void> {
  const folder = dirname(report.manifest);
  const [file = ""] = (await readdir(folder)).filter((name) => name.startsWith("scores-starter-style"));
  const kept = JSON.parse(await readFile(join(folder, file), "utf8")) as { scores: readonly [number, number, number, string][] };
  const decided = new Map(kept.scores.map(([index, a, b]) => [index, a === b ? "tie" : a > b ? "a" : "b"]));
  let correct = 0;
  let ties = 0;
  for (const [index, { reference, a, b, choice }] of triplets.entries()) {
    const [first, second] = [await score(dataset, reference, a), await score(dataset, reference, b)];
    // The same picture twice is an exact tie for the runner, and one up to rounding here.
    const decision = a === b || Math.abs(first - second) < 1e-6 ? "tie" : first > second ? "a" : "b";
    expect([index, decided.get(index)]).toEqual([index, decision]);
    if (decision === choice) correct += 1;
    if (decision === "tie") ties += 1;
  }
  expect(report.metrics["starter-style"]).toMatchObject({ correct, ties, total: triplets.length, accuracy: correct / triplets.length });
}

describe.each(["sref", "instantstyle"])("%s", (layout) => {
  const dataset = join(scratch, layout);
  test("two pictures of a style against one of another, drawn by the seed", async () => {
    await writeStyleSet(dataset);
    const drawn = await run(layout, dataset, "--limit", "25");
    expect(drawn.report).toMatchObject({ layout, triplets: 25, skipped: [{ reason: "a style of a single picture", count: 1 }] });
    expect(drawn.report.notes[0]).toMatch(/^\d+ styles \(.+\); 2000 triplets are drawn from them\.$/);
    for (const { reference, a, b, choice } of drawn.triplets) {
      expect(dirname(reference)).toBe(dirname(a));
      expect(dirname(reference)).not.toBe(dirname(b));
      expect(reference).not.toBe(a);
      expect(choice).toBe("a");
    }
    await expectSameDecisions(dataset, drawn);
    expect((await run(layout, dataset, "--limit", "25")).triplets).toEqual(drawn.triplets);
    expect((await run(layout, dataset, "--limit", "25", "--seed", "7")).triplets).not.toEqual(drawn.triplets);
  });
});

test("cute", async () => {
  const dataset = join(scratch, "cute");
  await writeCute(dataset);
  const drawn = await run("cute", dataset);
  for (const { reference, a, b, prompt, group } of drawn.triplets) {
    const [category, instance, condition] = reference.split("/");
    expect(a.split("/").slice(0, 3)).toEqual([category, instance, condition]);
    expect(b.split("/")).toMatchObject([category, expect.not.stringMatching(`^${instance}$`), condition, expect.any(String)]);
    expect([prompt, group]).toEqual([`The photo of a ${category}`, category]);
  }
  expect(Object.keys(drawn.report.metrics["starter-style"]?.groups ?? {})).toEqual(["chair", "cup"]);
  const reasons = Object.fromEntries(drawn.report.skipped.map(({ reason, count }) => [reason, count]));
  expect(reasons).toMatchObject({ "a category of a single instance": 10, "a condition of fewer than two pictures": 10 });
  const left = Object.values(reasons).reduce((sum, count) => sum + count, 0);
  expect(drawn.triplets.length + left).toBe(10 * 6);
  await expectSameDecisions(dataset, drawn);
});

test("nights: columns by name, val and test apart, the rest left out", async () => {
  const dataset = join(scratch, "nights");
  await writeNights(dataset);
  const read = await run("nights", dataset);
  expect(read.triplets.map(({ choice, prompt, group }) => [choice, prompt, group])).toEqual([
    ["a", "An image of a dog, 0", "val"],
    ["b", "An image of a dog, 1", "val"],
    ["a", "An image of a dog, 2", "test"],
    ["b", "An image of a dog, 3", "val"],
    ["a", "An image of a dog, 4", "test"],
  ]);
  expect(read.triplets[1]).toMatchObject({ reference: "ref/000/001.png", a: "distort/000/001_0.png", b: "distort/000/001_1.png" });
  expect(read.report.skipped).toEqual([{ reason: "a row of the split train", count: 1 }]);
  const { total, groups } = read.report.metrics["starter-style"] ?? {};
  expect([total, groups?.["val"]?.total, groups?.["test"]?.total]).toEqual([5, 3, 2]);
  expect(read.report.notes.join(" ")).toContain("1 of 5 rows have fewer than 6 votes");
  await expectSameDecisions(dataset, read);
});

test.each([
  { kind: "flat", isFlat: true },
  { kind: "official", isFlat: false },
])("tid2013 in $kind folders: level 2 is nearer than level 3", async ({ kind, isFlat }) => {
  const dataset = join(scratch, `tid-${kind}`);
  await writeTid2013(dataset, isFlat);
  const read = await run("tid2013", dataset);
  const [originals, distorted] = isFlat ? ["", ""] : ["reference_images/", "distorted_images/"];
  expect(read.triplets).toHaveLength(47);
  expect(read.triplets[0]).toMatchObject({
    reference: `${originals}I01.BMP`,
    a: `${distorted}i01_01_2.bmp`,
    b: `${distorted}i01_01_3.bmp`,
    choice: "a",
  });
  expect(read.triplets.at(-1)).toMatchObject({ reference: `${originals}I02.BMP`, a: `${distorted}I02_24_2.BMP` });
  expect(read.report.skipped).toContainEqual({ reason: "level 3 of a distortion of I02 is not there", count: 1 });
  expect(read.report.skipped).toContainEqual({ reason: "the reference I25 is not there", count: 24 });
  await expectSameDecisions(dataset, read);
});

test("ip: the pairs that can be formed from the weights that are there", async () => {
  const dataset = join(scratch, "ip");
  await writeIp(dataset);
  const read = await run("ip", dataset);
  expect(read.triplets.map(({ reference, group }) => [reference, group])).toEqual([
    ...["1.0 > 0.6", "0.8 > 0.4", "0.6 > 0.3", "0.4 > 0.35", "0.3 > 0.2"].map((pair) => ["originals/1.JPG", pair]),
    ...["1.0 > 0.6", "0.6 > 0.3"].map((pair) => ["IPref/2/original.png", pair]),
  ]);
  expect(read.triplets[3]).toMatchObject({ a: "IPref/1/0.4.png", b: "IPref/1/0.35.png", choice: "a" });
  expect(read.report.notes).toContain(
    "Pairs that can be formed, of 3 characters: 1.0 > 0.6 of 2, 0.8 > 0.4 of 1, 0.6 > 0.3 of 2, 0.4 > 0.35 of 1, 0.3 > 0.2 of 1.",
  );
  expect(read.report.skipped).toContainEqual({ reason: "a character without its original", count: 5 });
  await expectSameDecisions(dataset, read);
});

test("dreambench-plus: whole names of methods and keys, groups that agree, pairs that differ by two", async () => {
  const dataset = join(scratch, "dreambench");
  await writeDreambenchPlus(dataset);
  const read = await run("dreambench-plus", dataset);
  const blip = "blip_diffusion_gs7_5_step100_seed42_torch_float16";
  const ofBlip = read.triplets.filter(({ group }) => group === "blip_diffusion");
  // style_1 has the means 0, 2.5, 4, style_10 0, 2.5 and a picture whose groups differ by 3.
  expect(ofBlip).toHaveLength(3);
  expect(ofBlip).toContainEqual({
    reference: `${blip}/src_image/style_1/0_0.jpg`,
    a: `${blip}/tgt_image/style_1/0_0.jpg`,
    b: `${blip}/tgt_image/style_1/2_0.jpg`,
    choice: "b",
    prompt: null,
    group: "blip_diffusion",
  });
  expect([...new Set(read.triplets.map(({ group }) => group))]).toEqual(["blip_diffusion", "dreambooth_sd", "ip_adapter_plus_vit_h_sdxl"]);
  expect(read.report.skipped).toContainEqual({
    reason: "the folder dreambooth_lora_sdxl_gs7_5_step100 is of no method of the published protocol",
    count: 1,
  });
  expect(read.report.skipped).toContainEqual({ reason: "a picture whose two ratings differ by more than 2", count: 3 });
  await expectSameDecisions(dataset, read);
});

describe("a folder that is not the dataset", () => {
  const refusal = async (layout: string, dataset: string): Promise<ErrorDocument["error"]> => {
    const ran = await cli("bench", dataset, "--layout", layout, "--library", library, "--json");
    expect(ran.exitCode).toBe(3);
    return ran.json<ErrorDocument>().error;
  };
  const empty = join(scratch, "empty");

  test.each([
    { layout: "sref", message: `${empty} holds no folder with at least two pictures; two styles are needed.` },
    { layout: "cute", message: `No triplet can be drawn from ${empty}: no category holds two instances with pictures of one condition.` },
    { layout: "nights", message: `${join(empty, "data.csv")} cannot be read: it is not there.` },
    { layout: "tid2013", message: `${empty} holds no reference of TID2013 with levels 2 and 3 of a distortion.` },
    { layout: "ip", message: `${empty} holds no folder with pictures named by their weight.` },
    { layout: "dreambench-plus", message: `${join(empty, "data_human_rating/merged_data")} is not there.` },
  ])("$layout", async ({ layout, message }) => {
    await mkdir(empty, { recursive: true });
    const { hint, ...error } = await refusal(layout, empty);
    expect(error).toEqual({ code: "dataset/malformed", message });
    expect(hint).toMatch(/\.$/);
  });

  test("partial ones name what is missing", async () => {
    const dataset = join(scratch, "partial");
    await writeDreambenchPlus(dataset);
    await rm(join(dataset, "data_human_rating/merged_data/group2"), { recursive: true });
    expect((await refusal("dreambench-plus", dataset)).message).toContain(join("merged_data", "group2"));
    await writeFile(join(dataset, "data.csv"), "ref_path,left_path,right_path,split\n");
    expect((await refusal("nights", dataset)).message).toContain("has no column left_vote, no column prompt");
    await writePicture(join(dataset, "IP/1/first.png"), 1);
    expect((await refusal("ip", join(dataset, "IP"))).message).toMatch(/named by their weight\. 1 holds first\.png\.$/);
    await writeIp(join(dataset, "only weights"));
    for (const original of ["originals/1.JPG", "IPref/2/original.png"]) await rm(join(dataset, "only weights", original));
    expect((await refusal("ip", join(dataset, "only weights"))).message).toContain(
      "No pair of weights can be formed from the 3 characters",
    );
    expect((await refusal("sref", join(dataset, "nowhere"))).message).toContain("cannot be opened: it is not there.");
  });
});
