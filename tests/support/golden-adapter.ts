/** @file A tiny model with an IP-Adapter and its image encoder beside it. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { MetricContext } from "#main/ml/metrics/metric";
import { openModel } from "#main/ml/models/model-folder";
import { openCheckpoint } from "#main/ml/weights/checkpoint";
import { goldenContext } from "./golden-vision";
import { goldenCheckpoint } from "./goldens";

const contexts = new Map<string, Promise<MetricContext>>();

/** The files of a tiny adapter, as the command line takes them. */
export function goldenAdapterPaths(adapter: string): { readonly ipAdapter: string; readonly imageEncoder: string } {
  const folder = join(goldenCheckpoint(adapter), "models");
  const file = readdirSync(folder).find((name) => name.endsWith(".safetensors")) ?? "";
  return { ipAdapter: join(folder, file), imageEncoder: join(folder, "image_encoder") };
}

/** One context for a model and an adapter, so that what is known of no picture is shared. */
export function goldenAdapterContext(checkpoint: string, adapter: string): Promise<MetricContext> {
  const key = `${checkpoint} ${adapter}`;
  const context = contexts.get(key) ?? openContext(checkpoint, adapter);
  contexts.set(key, context);
  return context;
}

async function openContext(checkpoint: string, adapter: string): Promise<MetricContext> {
  const { ipAdapter, imageEncoder } = goldenAdapterPaths(adapter);
  const companions = { ipAdapter: await openCheckpoint(ipAdapter), imageEncoder: await openModel(imageEncoder), weights: null };
  return { ...(await goldenContext(checkpoint)), companions };
}
