/** @file Which checkpoint a person means: a path, or the name of a model their library knows. */
import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { appError, toAppError } from "#shared/domain/app-error";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { ModelCard } from "#shared/domain/model-card";
import { openStore } from "../../data/store/store";
import { findMetric } from "../../ml/metrics/registry";
import { openModel } from "../../ml/models/model-folder";
import { defaultLibraryPath } from "../../platform/paths";
import { starterModelPath } from "../inference/in-process-inference";

export interface CheckpointChoice {
  /** null is the bundled starter. */
  readonly path: string | null;
  readonly name: string;
  readonly sha256: string;
}

export interface CheckpointRequest {
  readonly metric: MetricName;
  /** A path or a name; null leaves the choice to the library. */
  readonly checkpoint: string | null;
  /** null is the user's library. */
  readonly libraryPath: string | null;
}

/** Finds the checkpoint for a metric. Throws checkpoint/not-found, metric/needs-model, and what opening it throws. */
export async function chooseCheckpoint({ metric, checkpoint, libraryPath }: CheckpointRequest): Promise<CheckpointChoice> {
  if (checkpoint !== null && (await isThere(checkpoint))) return opened(resolve(checkpoint));
  if (checkpoint === null ? findMetric(metric).families[0] === "starter" : checkpoint === "starter")
    return { ...(await opened(starterModelPath())), path: null, name: "starter" };
  const known = await knownModels(libraryPath ?? defaultLibraryPath());
  const card = known.find((model) => (checkpoint === null ? model.enables.includes(metric) : model.name === checkpoint));
  if (card !== undefined) return { path: card.path, name: card.name, sha256: card.sha256 };
  if (checkpoint === null) {
    throw appError("metric/needs-model", `${metric} needs a model.`, {
      hint: "Give one with --checkpoint PATH, or make it known with `semblance models add PATH`.",
    });
  }
  throw appError("checkpoint/not-found", `There is no model at ${resolve(checkpoint)}, and the library knows none called ${checkpoint}.`, {
    hint: "Give the folder of a diffusers or transformers model, a .safetensors file, or a name from `semblance models list`.",
  });
}

async function opened(path: string): Promise<CheckpointChoice> {
  const model = await openModel(path);
  return { path, name: model.name, sha256: model.sha256 };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Models of a library without changing it; none when there is no library yet. */
async function knownModels(libraryPath: string): Promise<readonly ModelCard[]> {
  try {
    const store = await openStore(libraryPath, { readOnly: true });
    try {
      return store.models.list();
    } finally {
      await store.close();
    }
  } catch (error) {
    if (toAppError(error).code === "library/not-found") return [];
    throw error;
  }
}
