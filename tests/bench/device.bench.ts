/**
 * @file What each device of this machine is worth: the self-test, and pictures of the sample library measured by the starter. With
 * `SEMBLANCE_BENCH_MODEL` naming a Stable Diffusion, by DiffSim-S at 512 pixels as well. Ratios are to the processor in the same run.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import type { Device } from "#shared/domain/device";
import { decodeImage } from "#main/data/imaging/decode";
import { createInProcessInference } from "#main/engine/inference/in-process-inference";
import type { ExtractorKey } from "#main/engine/inference/inference-service";
import type { RawImage } from "#main/platform/raw-image";
import { resourcesPath } from "#main/platform/paths";
import type { BenchRow } from "./bench";

/** Enough for a steady rate; a device that is slower than this is known to be slow. */
const patienceMs = 20_000;

interface Work {
  readonly name: string;
  readonly keys: readonly ExtractorKey[];
}

function workloads(): readonly Work[] {
  const starter: Work = {
    name: "starter, style and subject",
    keys: [
      { metric: "starter-style", modelPath: null },
      { metric: "starter-subject", modelPath: null },
    ],
  };
  const model = process.env["SEMBLANCE_BENCH_MODEL"];
  return model === undefined ? [starter] : [starter, { name: "diffsim-s", keys: [{ metric: "diffsim-s", modelPath: model }] }];
}

/** Images a second of every available device, with the largest difference of its self-test. */
export async function deviceBench(): Promise<readonly BenchRow[]> {
  const folder = join(resourcesPath(), "sample-library");
  const files = (await readdir(folder)).filter((name) => name.endsWith(".webp")).slice(0, 48);
  const images: RawImage[] = [];
  for (const file of files) images.push(await decodeImage(join(folder, file)));
  const rows: BenchRow[] = [];
  const onProcessor = new Map<string, number>();
  const list = createInProcessInference({ device: "cpu", threads: null });
  const devices = (await list.devices()).filter(({ available }) => available);
  for (const device of devices) {
    const { imagesPerSecond, parity } = await list.selfTest(device.id);
    rows.push(
      row(`${label(device)}: self-test`, imagesPerSecond ?? 0, "images/s"),
      row(`${label(device)}: off from the processor`, parity ?? NaN, ""),
    );
    for (const work of workloads()) {
      const speed = await speedOf(device, work, images);
      const reference = onProcessor.get(work.name) ?? speed;
      onProcessor.set(work.name, reference);
      rows.push({ ...row(`${label(device)}: ${work.name}`, speed, "images/s"), ratio: speed / reference });
    }
  }
  await list.dispose();
  return rows;
}

/** Throws when another device took over: its speed is not what was asked for. */
async function speedOf(device: Device, { keys }: Work, images: readonly RawImage[]): Promise<number> {
  const inference = createInProcessInference({ device: device.id, threads: null, isDeviceTested: true }, (news) => {
    if (news.kind === "fallback") throw new Error(news.fallback.reason);
  });
  try {
    await inference.extract(keys, images[0] as RawImage);
    const start = performance.now();
    let done = 0;
    for (const image of images.slice(1)) {
      await inference.extract(keys, image);
      done += 1;
      if (performance.now() - start > patienceMs) break;
    }
    return (1000 * done) / (performance.now() - start);
  } finally {
    await inference.dispose();
  }
}

function label({ name, provider }: Device): string {
  return `${name}, ${provider}`;
}

function row(name: string, value: number, unit: string): BenchRow {
  return { name, value, unit, target: null, ratio: null };
}
