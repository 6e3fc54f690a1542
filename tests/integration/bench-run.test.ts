/** @file A benchmark run: stopped and continued, several metrics with models of their own, votes, both modes, triplets of one's own. */
import { copyFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Triplet } from "#main/data/datasets/triplet";
import { decodeImage } from "#main/data/imaging/decode";
import { bench, type BenchOrder } from "#main/engine/bench/bench";
import type { BenchReport } from "#main/engine/bench/report";
import { createEngine, type Engine } from "#main/engine/engine";
import { createInProcessInference } from "#main/engine/inference/in-process-inference";
import type { CompareOptions } from "#main/ml/metrics/metric";
import { writeNights, writeStyleSet } from "../support/benchmark-sets";
import { cli, type ErrorDocument, stoppableCli } from "../support/cli";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const styles = join(scratch, "styles");
const nights = join(scratch, "nights");
const checkpoint = (name: string): string => join(fileURLToPath(new URL("../golden/fixtures/checkpoints/", import.meta.url)), name);
const trio = [
  "--checkpoint",
  checkpoint("sd15-tiny"),
  "--checkpoint",
  checkpoint("clip-vit-tiny"),
  "--checkpoint",
  checkpoint("dinov2-tiny"),
];

beforeAll(async () => {
  await writeStyleSet(styles);
  await writeNights(nights);
});

interface Kept {
  readonly triplets: readonly Triplet[];
  /** Both scores by place, for each metric. */
  readonly scores: Readonly<Record<string, ReadonlyMap<number, readonly [number, number]>>>;
}

async function keptBy(report: BenchReport): Promise<Kept> {
  const folder = dirname(report.manifest);
  const { triplets } = JSON.parse(await readFile(report.manifest, "utf8")) as Pick<Kept, "triplets">;
  const files = (await readdir(folder)).filter((name) => name.startsWith("scores-"));
  const books = await Promise.all(
    files.map(
      async (name) =>
        JSON.parse(await readFile(join(folder, name), "utf8")) as { metric: string; scores: readonly [number, number, number, string][] },
    ),
  );
  return {
    triplets,
    scores: Object.fromEntries(
      books.map(({ metric, scores }) => [metric, new Map(scores.map(([index, a, b]) => [index, [a, b] as const]))]),
    ),
  };
}

const nearer = (a: number, b: number): "a" | "b" | "tie" => (a === b ? "tie" : a > b ? "a" : "b");

describe("a run that stops", () => {
  const order: BenchOrder = {
    dataset: styles,
    layout: "sref",
    tripletFile: null,
    decisionFile: null,
    limit: 12,
    seed: 1,
    mode: "corrected",
    settings: {},
    choices: { names: ["starter-style"], checkpoints: [], companions: {} },
  };

  /** Runs the order, stops after `stopAfter` triplets, and answers the report and how many triplets were to be scored. */
  async function run(
    library: string,
    given: BenchOrder = order,
    stopAfter = Infinity,
  ): Promise<{ report: BenchReport | null; total: number }> {
    const engine: Engine = await createEngine({ libraryPath: library, inference: "in-process" });
    const abort = new AbortController();
    let total = 0;
    const onProgress = (progress: { done: number; total: number }): void => {
      total = progress.total;
      if (progress.done >= stopAfter) abort.abort();
    };
    try {
      return { report: await bench(engine, given, { signal: abort.signal, onProgress }), total };
    } catch (error) {
      if (abort.signal.aborted) return { report: null, total };
      throw error;
    } finally {
      await engine.dispose();
    }
  }

  test("keeps what it did, goes on from there, and ends where an unbroken run ends", async () => {
    const library = join(scratch, "stopped");
    expect(await run(library, order, 5)).toEqual({ report: null, total: 12 });
    const second = await run(library);
    expect(second.total).toBe(7);
    const { manifest, ...unbroken } = (await run(join(scratch, "unbroken"))).report ?? { manifest: "" };
    expect(second.report).toMatchObject(unbroken);
    expect(second.report?.manifest).toBe(manifest.replace("unbroken", "stopped"));
    expect((await run(library)).total).toBe(0);
  });

  test("scores only what is new: another metric, a picture that changed", async () => {
    const library = join(scratch, "changed");
    await run(library);
    const both = await run(library, { ...order, choices: { ...order.choices, names: ["starter-style", "starter-subject"] } });
    expect(both.total).toBe(12);
    const { triplets } = await keptBy(both.report as BenchReport);
    const [changed = ""] = triplets.map(({ reference }) => reference);
    const path = join(styles, changed);
    await copyFile(path, `${path}.bak`);
    await writePicture(path, 99);
    const touched = triplets.filter(({ reference, a, b }) => [reference, a, b].includes(changed)).length;
    expect((await run(library)).total).toBe(touched);
    await copyFile(`${path}.bak`, path);
    await rm(`${path}.bak`);
  });

  test("each picture is measured once, for all metrics together", async () => {
    const engine = await createEngine({ libraryPath: join(scratch, "once"), inference: "in-process" });
    const extract = vi.spyOn(engine.inference, "extract");
    const names = ["starter-style", "starter-subject"];
    const report = await bench(
      engine,
      { ...order, choices: { ...order.choices, names } },
      { signal: new AbortController().signal, onProgress: () => undefined },
    );
    await engine.dispose();
    const { triplets } = await keptBy(report);
    expect(extract).toHaveBeenCalledTimes(new Set(triplets.flatMap(({ reference, a, b }) => [reference, a, b])).size);
    for (const [keys] of extract.mock.calls) expect(keys.map(({ metric }) => metric)).toEqual(names);
  });

  test("Ctrl-C ends with a sentence, and the next run with a report and the decisions", async () => {
    const table = join(scratch, "decisions.csv");
    const args = ["bench", styles, "--layout", "sref", "--limit", "4", "--decisions", table, "--library", join(scratch, "interrupted")];
    const stopped = await stoppableCli(AbortSignal.abort(), ...args);
    expect(stopped).toMatchObject({ exitCode: 130, out: "" });
    expect(stopped.err).toContain("Stopped.\nWhat was done so far is kept.");
    const ran = await cli(...args, "--json");
    expect(ran).toMatchObject({ exitCode: 0 });
    const report = ran.json<BenchReport>();
    expect(JSON.parse(await readFile(join(dirname(report.manifest), "report.json"), "utf8"))).toEqual(report);
    // The table holds the columns of a triplets file.
    const again = await cli("bench", styles, "--triplets", table, "--library", join(scratch, "interrupted"), "--json");
    expect(again.json<BenchReport>().metrics["starter-style"]?.correct).toBe(report.metrics["starter-style"]?.correct);
  });

  test("a library that is only read takes no scores", async () => {
    const library = join(scratch, "stopped");
    const ran = await cli("bench", styles, "--layout", "sref", "--limit", "3", "--library", library, "--read-only", "--json");
    expect(ran.exitCode).toBe(3);
    expect(ran.json<ErrorDocument>().error.code).toBe("library/read-only");
  });
});

test("pictures that are missing or damaged leave their triplets out for every metric, by reason", async () => {
  const dataset = join(scratch, "damaged");
  await writeNights(dataset);
  await rm(join(dataset, "ref/000/000.png"));
  await writeFile(join(dataset, "distort/000/001_1.png"), "no picture");
  const whole = await readFile(join(dataset, "distort/000/002_0.png"));
  await writeFile(join(dataset, "distort/000/002_0.png"), whole.subarray(0, whole.length / 2));
  const ran = await cli("bench", dataset, "--layout", "nights", "--library", join(scratch, "damaged library"), "--json");
  const report = ran.json<BenchReport>();
  expect(report.skipped).toEqual([
    { reason: "a row of the split train", count: 1 },
    { reason: "a triplet of which a picture is not there", count: 1 },
    { reason: "a triplet of which a picture is damaged", count: 2 },
  ]);
  expect(report.triplets).toBe(2);
  expect(Object.values(report.metrics).map(({ total }) => total)).toEqual([2, 2]);
});

describe("metrics with models of their own", () => {
  const library = join(scratch, "models");
  const metrics = ["diffsim-s", "clip-i", "dinov2-cls", "starter-style"];
  let report: BenchReport;
  let text: string;

  beforeAll(async () => {
    const args = [
      "bench",
      nights,
      "--layout",
      "nights",
      "--metrics",
      [...metrics, "ensemble"].join(),
      "--size",
      "64",
      ...trio,
      "--library",
      library,
    ];
    report = (await cli(...args, "--json")).json();
    text = (await cli(...args)).out;
  });

  test("each decides as it does by itself under the published settings", async () => {
    const { triplets, scores } = await keptBy(report);
    const inference = createInProcessInference({ device: "cpu", threads: 1 });
    const settings = { block: "up_blocks", layer: [0], step: 500, size: 64, seed: 2334 } as const;
    for (const [metric, modelPath] of [
      ["diffsim-s", checkpoint("sd15-tiny")],
      ["clip-i", checkpoint("clip-vit-tiny")],
      ["dinov2-cls", checkpoint("dinov2-tiny")],
    ] as const)
      for (const [index, { reference, a, b, prompt }] of triplets.entries()) {
        const options: CompareOptions = { mode: "corrected", ...(metric === "diffsim-s" ? { ...settings, prompt: prompt ?? "" } : {}) };
        const score = async (other: string): Promise<number> => {
          const [one, two] = [
            await decodeImage(join(nights, reference), { mode: "corrected" }),
            await decodeImage(join(nights, other), { mode: "corrected" }),
          ];
          return (await inference.comparePair({ metric, modelPath, a: one, b: two, options })).score;
        };
        const [first = 0, second = 0] = scores[metric]?.get(index) ?? [];
        // Kept features are rounded to half precision.
        expect(Math.abs(first - (await score(a)))).toBeLessThan(2e-3);
        expect(Math.abs(second - (await score(b)))).toBeLessThan(2e-3);
      }
    await inference.dispose();
  });

  test("the ensemble is the vote of the three, whoever else took part", async () => {
    const { triplets, scores } = await keptBy(report);
    const voters = metrics.slice(0, 3);
    expect(report.ensemble?.voters).toEqual(voters);
    const right = triplets.filter(({ choice }, index) => {
      const votes = voters.map((voter) => nearer(...(scores[voter]?.get(index) ?? [0, 0])));
      return votes.filter((vote) => vote === choice).length >= 2;
    });
    expect(report.metrics["ensemble"]).toMatchObject({ correct: right.length, total: 5, model: null, published: 0.8943 });
    expect((report.ensemble?.unanimous ?? 0) + (report.ensemble?.split ?? 0)).toBe(5);
  });

  test("what was published is shown beside, with the model, the recipe and the settings", async () => {
    expect(report.metrics["diffsim-s"]).toMatchObject({
      published: 0.8652,
      model: { name: "sd15-tiny", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      recipe: { metric: "diffsim-s", mode: "corrected", imageSize: 64, parameters: { timestep: 501, seed: 2334 } },
    });
    expect(report.metrics["starter-style"]).toMatchObject({ published: null });
    expect(report.notes).toContain(
      "The published settings of NIGHTS, as far as no others were given, for diffsim-s: up_blocks layer 0, step 500, 64 px, noise seed 2334, the prompt of each triplet.",
    );
    expect(report.publishedSource).toContain("ICCV 2025");
    for (const line of [
      "nights: 5 triplets, corrected mode",
      "  val ",
      "86.52",
      "The ensemble is the vote of diffsim-s, clip-i, dinov2-cls",
      "p (McNemar)",
    ])
      expect(text).toContain(line);
  });

  test("models that the library knows need not be named, and the ensemble alone brings its voters", async () => {
    for (const name of ["sd15-tiny", "clip-vit-tiny", "dinov2-tiny"]) await cli("models", "add", checkpoint(name), "--library", library);
    const ran = await cli("bench", nights, "--layout", "nights", "--metrics", "ensemble", "--size", "64", "--library", library, "--json");
    const { metrics: alone, ensemble } = ran.json<BenchReport>();
    expect(Object.keys(alone)).toEqual(["diffsim-s", "clip-i", "dinov2-cls", "ensemble"]);
    for (const [name, result] of Object.entries(alone)) expect(result).toEqual(report.metrics[name]);
    expect(ensemble).toEqual(report.ensemble);
  });

  test("every two metrics are compared on the same triplets", async () => {
    const { triplets, scores } = await keptBy(report);
    expect(report.mcnemar).toHaveLength(10);
    const isRight = (metric: string, index: number) => nearer(...(scores[metric]?.get(index) ?? [0, 0])) === triplets[index]?.choice;
    for (const { a, b, onlyA, onlyB, p } of report.mcnemar.filter((each) => each.b !== "ensemble")) {
      const places = [...triplets.keys()];
      expect(onlyA).toBe(places.filter((index) => isRight(a, index) && !isRight(b, index)).length);
      expect(onlyB).toBe(places.filter((index) => isRight(b, index) && !isRight(a, index)).length);
      expect(p).toBeGreaterThan(0);
      expect(p).toBeLessThanOrEqual(1);
    }
  });
});

test("a distance chooses the smaller number", async () => {
  const ran = await cli(
    ...["bench", styles, "--layout", "sref", "--limit", "4", "--metrics", "lpips", "--checkpoint", `lpips=${checkpoint("vgg16-tiny")}`],
    ...["--weights", join(checkpoint("vgg16-tiny"), "lpips.safetensors"), "--library", join(scratch, "distance"), "--json"],
  );
  expect(ran).toMatchObject({ exitCode: 0 });
  const report = ran.json<BenchReport>();
  const { triplets, scores } = await keptBy(report);
  const correct = triplets.filter((_, index) => {
    const [a = 0, b = 0] = scores["lpips"]?.get(index) ?? [];
    return a < b;
  });
  expect(report.metrics["lpips"]).toMatchObject({ correct: correct.length, total: 4, published: 0.8785 });
});

test("published mode scores each pair as the released code does, and says what its scripts would count", async () => {
  const ran = await cli(
    ...["bench", styles, "--layout", "sref", "--limit", "4", "--metrics", "diffsim-s,clip-i", "--mode", "published", "--size", "64"],
    ...[...trio, "--library", join(scratch, "published"), "--json"],
  );
  expect(ran).toMatchObject({ exitCode: 0 });
  const report = ran.json<BenchReport>();
  const { triplets, scores } = await keptBy(report);
  const [first] = triplets;
  if (first === undefined) throw new Error("there are triplets");
  const compared = await cli(
    ...["compare", join(styles, first.reference), join(styles, first.a), "--metric", "diffsim-s", "--checkpoint", checkpoint("sd15-tiny")],
    ...["--block", "up_blocks", "--layer", "0", "--step", "900", "--seed", "2334", "--size", "64", "--json"],
  );
  expect(scores["diffsim-s"]?.get(0)?.[0]).toBeCloseTo(compared.json<{ score: number }>().score, 6);
  const correct = [...(scores["diffsim-s"]?.values() ?? [])].filter(([a, b]) => a > b).length;
  expect(report.metrics["diffsim-s"]).toMatchObject({
    correct,
    recipe: { mode: "published", parameters: { timestep: 101 } },
    asPublished: { correct, accuracy: correct / 4, twiceAsNear: expect.any(Number) as number },
  });
});

describe("triplets of one's own", () => {
  const library = join(scratch, "own");
  const csv = join(scratch, "own.csv");
  const rows = ["reference,a,b,choice", "style 0/0.png,style 0/1.jpg,style 1/0.png,a", "style 1/0.png,style 2/0.png,style 1/1.jpg,b"];

  test("from CSV, without a layout", async () => {
    await writeFile(csv, `${rows.join("\n")}\n`);
    const ran = await cli("bench", styles, "--triplets", csv, "--metrics", "starter-style", "--library", library, "--json");
    expect(ran).toMatchObject({ exitCode: 0 });
    const report = ran.json<BenchReport>();
    expect(report).toMatchObject({
      layout: "custom",
      triplets: 2,
      skipped: [],
      metrics: { "starter-style": { total: 2, published: null } },
    });
  });

  test("a manifest repeats its run", async () => {
    const args = ["bench", styles, "--layout", "sref", "--limit", "6", "--library", library, "--json"];
    const drawn = (await cli(...args)).json<BenchReport>();
    const again = (await cli("bench", styles, "--triplets", drawn.manifest, "--library", library, "--json")).json<BenchReport>();
    expect(again).toMatchObject({ layout: "sref", manifest: drawn.manifest, metrics: drawn.metrics, mcnemar: drawn.mcnemar });
  });
});

describe("mistakes", () => {
  const library = join(scratch, "mistakes");

  test.each([
    { args: ["--layout", "sref", "--metrics", "paint"], exitCode: 2, message: "There is no metric paint." },
    { args: [], exitCode: 2, message: "The layout of the dataset is missing." },
    { args: ["--layout", "sref", "--metrics", "clip-i"], exitCode: 3, message: "clip-i needs a model." },
    {
      args: ["--layout", "sref", "--metrics", "clip-i", "--checkpoint", checkpoint("dinov2-tiny")],
      exitCode: 3,
      message: "dinov2-tiny cannot run clip-i.",
    },
    {
      args: ["--layout", "sref", "--metrics", "starter-style,ensemble"],
      exitCode: 2,
      message: "The ensemble is a vote, and starter-style alone has nobody to vote with.",
    },
    {
      args: ["--layout", "sref", "--checkpoint", "clip-i=x"],
      exitCode: 2,
      message: "clip-i=x is for a metric that does not take part.",
    },
    { args: ["--layout", "sref", "--weights", "lpisp=x"], exitCode: 2, message: "There is no metric lpisp." },
    { args: ["--layout", "sref", "--weights", "x"], exitCode: 2, message: "It is not clear which metric x is for." },
    { args: ["--layout", "sref", "--step", "3", "--timestep", "3"], exitCode: 2, message: /cannot be used with/ },
    { args: ["--triplets", join(scratch, "nowhere.csv")], exitCode: 3, message: /nowhere\.csv cannot be read: it is not there\.$/ },
  ])("$args", async ({ args, exitCode, message }) => {
    const ran = await cli("bench", styles, ...args, "--library", library, "--json");
    expect(ran.exitCode).toBe(exitCode);
    expect(ran.json<ErrorDocument>().error.message).toMatch(message);
  });

  test("triplets of which nothing can be scored", async () => {
    const file = join(scratch, "empty.csv");
    await writeFile(file, "reference,a,b,choice\nx.png,y.png,z.png,a\n");
    const ran = await cli("bench", styles, "--triplets", file, "--library", library, "--json");
    expect(ran.exitCode).toBe(3);
    expect(ran.json<ErrorDocument>().error.message).toBe(
      `No triplet of ${styles} could be scored: a triplet of which a picture is not there.`,
    );
  });
});
