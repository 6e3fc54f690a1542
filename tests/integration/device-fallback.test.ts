/** @file A graphics card that is unplugged in the middle: the processor goes on with the same scores, and everybody is told in one sentence. */
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { DeviceEntry } from "#shared/domain/device";
import type { Job } from "#shared/domain/job";
import type { SearchEvent } from "#shared/domain/search";
import { createEngine, type Engine } from "#main/engine/engine";
import { openSettings } from "#main/platform/settings";
import { cli } from "../support/cli";
import { connect, engineQuestions, refusal } from "../support/engine-client";
import { card, mendCard } from "../support/faulty-device";
import { folderState } from "../support/folder-state";
import { goldenCheckpoint } from "../support/goldens";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

vi.mock(import("#main/ml/runtime/onnx-runtime"), async (original) => {
  const { runtimeWithCard } = await import("../support/faulty-device");
  return runtimeWithCard(await original());
});

const scratch = scratchFolder();
const photos = join(scratch, "photos");
const count = 12;
const lost = new Error("CUDA failure 719: unspecified launch failure");
const sentence = /^[^\n]*CUDA[^\n]* The processor takes over\.$/;
const engines: Engine[] = [];

beforeAll(async () => {
  for (let seed = 0; seed < count; seed += 1) await writePicture(join(photos, `p${seed}.png`), seed);
});

afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.dispose();
  mendCard();
});

async function open(name: string, device: "cpu" | "cuda" | null = "cuda") {
  const libraryPath = join(scratch, name);
  const engine = await createEngine({ libraryPath, inference: "in-process", device });
  engines.push(engine);
  const { search, assetNamed } = engineQuestions(() => engine);
  return { engine, client: connect(engine), libraryPath, search, assetNamed };
}

async function indexed(name: string, device: "cpu" | "cuda" = "cuda") {
  const library = await open(name, device);
  const { jobId } = await library.client.roots.add({ paths: [photos] });
  return { ...library, job: await library.engine.jobs.finished(jobId) };
}

/** Scores of the library against one picture, by file name. */
async function scores({ search, assetNamed }: Awaited<ReturnType<typeof open>>): Promise<ReadonlyMap<string, number>> {
  const { id } = await assetNamed("p3.png");
  const events: readonly SearchEvent[] = await search({
    references: [{ assetId: id, weight: 1, crop: null }],
    metric: "starter-subject",
    top: count,
    exact: true,
  });
  return new Map((events.at(-1)?.matches ?? []).map((match) => [match.asset.name, match.score]));
}

function expectAlike(found: ReadonlyMap<string, number>, expected: ReadonlyMap<string, number>): void {
  expect(found.size).toBe(expected.size);
  for (const [name, score] of expected) expect(found.get(name)).toBeCloseTo(score, 4);
}

describe("an index run", () => {
  test("loses its device in the middle: no picture is lost or measured twice, and the scores are the processor's", async () => {
    const reference = await indexed("reference", "cpu");
    expect(reference.job).toMatchObject({ state: "done", device: "cpu" });
    expect(reference.job.deviceNote).toBeUndefined();
    const before = await folderState(photos);
    card.atRun = (run) => (run > 13 ? lost : null);
    const found = await indexed("unplugged");
    expect(found.job).toMatchObject({ state: "done", done: count, total: count, issueCount: 0, device: "cpu" });
    expect(found.job.deviceNote).toMatch(sentence);
    const runsOnCard = card.runs;
    expect(runsOnCard).toBe(14);
    const [progress] = await found.engine.metrics.progress();
    expect(progress).toMatchObject({ done: count, total: count });
    expectAlike(await scores(found), await scores(reference));
    expect(card.runs).toBe(runsOnCard);
    expect(await folderState(photos)).toEqual(before);
    expect((await found.client.system.status()).device).toMatchObject({
      id: "cpu",
      fallback: { device: "cuda", message: expect.stringMatching(sentence) as string },
    });
    const entry = (await found.client.devices.list()).find(({ id }) => id === "cuda");
    expect(entry).toMatchObject({
      isInUse: false,
      failure: { message: expect.stringMatching(/CUDA.*launch failure\.$/) as string },
      test: { ok: true },
    });
  });

  test("follows its events: progress never falls while the device changes", async () => {
    card.atRun = (run) => (run > 11 ? lost : null);
    const { engine, client } = await open("watched");
    const seen: Job[] = [];
    const stop = new AbortController();
    const watching = (async () => {
      for await (const job of engine.jobs.events(stop.signal)) seen.push(job);
    })().catch(() => undefined);
    const { jobId } = await client.roots.add({ paths: [photos] });
    await engine.jobs.finished(jobId);
    stop.abort();
    await watching;
    const done = seen.filter(({ id }) => id === jobId).map((job) => job.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(seen.at(-1)).toMatchObject({ state: "done", device: "cpu" });
  });

  test.each([
    ["cannot make a session", () => (card.atCreate = new Error("no CUDA-capable device is detected"))],
    ["gives no numbers", () => (card.outputs = withoutNumbers)],
    ["is full whatever the size of a tile", () => (card.atRun = (run) => (run > 9 ? new Error("CUDA out of memory") : null))],
  ])("on a device that %s", async (name, breakCard) => {
    // Tested once while it works, so that what breaks is not caught by the test already.
    const working = await open(name);
    expect(await working.client.devices.selfTest({ device: "cuda" })).toMatchObject({ ok: true });
    breakCard();
    const { jobId } = await working.client.roots.add({ paths: [photos] });
    const job = await working.engine.jobs.finished(jobId);
    expect(job).toMatchObject({ state: "done", done: count, issueCount: 0, device: "cpu" });
    expect(job.deviceNote).toMatch(/^[^\n]+ The processor takes over\.$/);
  });
});

type Outputs = Parameters<(typeof card)["outputs"]>[0];

/** A driver that answers with NaN. */
function withoutNumbers(outputs: Outputs): Outputs {
  for (const output of Object.values(outputs)) if (output?.data instanceof Float32Array) output.data.fill(NaN);
  return outputs;
}

describe("choosing", () => {
  test("a device is tested before its first use, and the result outlives the process", async () => {
    const { client, libraryPath } = await open("chosen", null);
    expect((await client.devices.list()).find(({ id }) => id === "cuda")).toMatchObject({ isInUse: false, test: null, failure: null });
    expect(await client.devices.choose({ device: "cuda" })).toMatchObject({ id: "cuda", available: true });
    const runs = card.runs;
    expect(runs).toBeGreaterThan(0);
    expect(await client.devices.choose({ device: "cuda" })).toMatchObject({ id: "cuda" });
    expect(card.runs).toBe(runs);
    await engines.pop()?.dispose();
    expect(openSettings(libraryPath).get("device")).toBe("cuda");
    const again = await open("chosen", null);
    expect(inUse(await again.client.devices.list())).toMatchObject({
      id: "cuda",
      test: { ok: true, parity: expect.any(Number) as number },
    });
    await again.client.roots.add({ paths: [photos] }).then(({ jobId }) => again.engine.jobs.finished(jobId));
    // One run for each picture, none for a test.
    expect(card.runs - runs).toBe(count);
  });

  test("one with other scores is refused with a sentence, and the device before it stays", async () => {
    card.outputs = (outputs) => {
      for (const output of Object.values(outputs)) if (output?.data instanceof Float32Array) output.data[0] = (output.data[0] ?? 0) + 0.3;
      return outputs;
    };
    const { client } = await open("refused", null);
    expect(await refusal(client.devices.choose({ device: "cuda" }))).toMatchObject({
      code: "device/failed",
      message: expect.stringMatching(/computes other scores than the processor/) as string,
    });
    const list = await client.devices.list();
    expect(inUse(list)).toMatchObject({ id: "cpu" });
    expect(list.find(({ id }) => id === "cuda")).toMatchObject({ test: { ok: false } });
  });

  test("one that was given up is asked again when it is chosen again", async () => {
    card.atRun = (run) => (run > 13 ? lost : null);
    const { client } = await indexed("again");
    expect(inUse(await client.devices.list())).toMatchObject({ id: "cpu" });
    card.atRun = () => null;
    await client.devices.choose({ device: "cuda" });
    expect((await client.system.status()).device).toMatchObject({ id: "cuda", fallback: null });
    expect((await client.devices.list()).find(({ id }) => id === "cuda")).toMatchObject({ isInUse: true, failure: null });
  });

  test("after a crash of the engine a graphics card is not used until it is chosen", async () => {
    const { client, libraryPath } = await open("crashed", null);
    await client.devices.choose({ device: "cuda" });
    await engines.pop()?.dispose();
    const engine = await createEngine({ libraryPath, inference: "in-process", hasCrashed: true });
    engines.push(engine);
    const { device } = await connect(engine).system.status();
    expect(device).toMatchObject({
      id: "cpu",
      fallback: { device: "cuda", message: expect.stringMatching(/ended unexpectedly/) as string },
    });
  });
});

function inUse(devices: readonly DeviceEntry[]): DeviceEntry | undefined {
  return devices.find((device) => device.isInUse);
}

describe("the command line", () => {
  const [a, b] = [join(photos, "p1.png"), join(photos, "p6.png")] as const;
  const diffsim = ["--metric", "diffsim-s", "--checkpoint", goldenCheckpoint("sd15-tiny"), "--mode", "corrected", "--size", "64"];

  test("compare says on which device the score was made, and why", async () => {
    const onCpu = (await cli("compare", a, b, ...diffsim, "--device", "cpu", "--json")).json<{ score: number; device: string }>();
    expect(onCpu.device).toBe("cpu");
    const onCard = await cli("compare", a, b, ...diffsim, "--device", "cuda", "--json");
    expect(onCard.json()).toMatchObject({ device: "cuda" });
    expect(Math.abs(onCard.json<{ score: number }>().score - onCpu.score)).toBeLessThan(1e-4);
    const last = card.runs;
    card.runs = 0;
    card.atRun = (run) => (run >= last - 1 ? lost : null);
    const unplugged = await cli("compare", a, b, ...diffsim, "--device", "cuda", "--json");
    expect(unplugged).toMatchObject({ exitCode: 0, err: expect.stringContaining("The processor takes over.") as string });
    expect(unplugged.json()).toMatchObject({ device: "cpu", deviceNote: expect.stringMatching(sentence) as string });
    expect(unplugged.json<{ score: number }>().score).toBe(onCpu.score);
  });

  test("index run tells it once, on stderr and in its document", async () => {
    card.atCreate = new Error("no CUDA-capable device is detected");
    const library = join(scratch, "told");
    await cli("index", "add", photos, "--library", library);
    const run = await cli("index", "run", "--library", library, "--device", "cuda", "--json");
    expect(run.exitCode).toBe(0);
    expect(run.json()).toMatchObject({ assets: count, job: { state: "done", device: "cpu", deviceNote: expect.any(String) as string } });
    expect(run.err.match(/The processor takes over/g)).toHaveLength(1);
  });

  test("doctor lists devices with speed and parity, and what is wrong with one", async () => {
    const fine = await cli("doctor", "--library", join(scratch, "doctor"), "--json");
    const devices = fine.json<{ devices: readonly { provider: string; selfTest: object | null }[] }>().devices;
    const number = expect.any(Number) as number;
    for (const provider of ["cpu", "cuda"])
      expect(devices.find((device) => device.provider === provider)).toMatchObject({
        available: true,
        selfTest: { ok: true, imagesPerSecond: number, parity: number },
      });
  });
});
