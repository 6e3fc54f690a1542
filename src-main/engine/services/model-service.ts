/** @file The models a library knows: the bundled starter, and checkpoints a person pointed at or a scan found. Files stay where they are. */
import { appError } from "#shared/domain/app-error";
import type { ModelCard } from "#shared/domain/model-card";
import type { Store } from "../../data/store/store-types";
import { metricsOf } from "../../ml/metrics/registry";
import { type ModelFolder, openModel } from "../../ml/models/model-folder";
import { scanForModels, usualModelFolders } from "../../ml/models/model-scan";
import { memoizePromise } from "../../platform/memoize-promise";
import { starterModelPath } from "../inference/in-process-inference";

export interface ModelScanResult {
  readonly models: readonly ModelCard[];
  /** Weights that were recognised but cannot be used, and why. */
  readonly refused: readonly { readonly path: string; readonly message: string }[];
  readonly places: number;
  readonly milliseconds: number;
}

export interface ModelVerification {
  readonly name: string;
  readonly ok: boolean;
  readonly sha256: string;
  readonly message: string;
}

export interface ModelService {
  /** The bundled starter first, then by name. */
  list(): Promise<readonly ModelCard[]>;
  /** Looks through the usual places of other programs and the given folders; what is found is added. */
  scan(folders: readonly string[], signal?: AbortSignal): Promise<ModelScanResult>;
  /** Throws checkpoint/... with the reason when the path is no model that can be used. */
  add(path: string): Promise<ModelCard>;
  /** Forgets a model; its files stay. Throws checkpoint/not-found, usage/invalid for the bundled one. */
  remove(name: string): Promise<void>;
  /** Opens a model again and compares its weights with what they were when it was added. */
  verify(name: string): Promise<ModelVerification>;
  /** The model called `name`, or the one at that path. */
  find(nameOrPath: string): Promise<ModelCard | null>;
}

export interface ModelParts {
  readonly store: Store;
  /** Told after models were added or removed. */
  readonly onChange: () => void;
}

/** Creates the service over one library. */
export function createModelService({ store, onChange }: ModelParts): ModelService {
  const starter = memoizePromise(async (path: string): Promise<ModelCard> => ({
    ...cardOf(await openModel(path)),
    name: "starter",
    isBundled: true,
  }));

  async function list(): Promise<readonly ModelCard[]> {
    const others = [...store.models.list()].sort((a, b) => a.name.localeCompare(b.name));
    return [await starter(starterModelPath()), ...others];
  }

  async function find(nameOrPath: string): Promise<ModelCard | null> {
    return (await list()).find((card) => card.name === nameOrPath || card.path === nameOrPath) ?? null;
  }

  async function known(name: string): Promise<ModelCard> {
    const card = await find(name);
    if (card !== null) return card;
    throw appError("checkpoint/not-found", `The library knows no model called ${name}.`, {
      hint: "`semblance models list` shows the names.",
    });
  }

  /** Keeps a card under a name of its own: two checkpoints in folders of the same name are told apart by a number. */
  async function keep(model: ModelFolder): Promise<ModelCard> {
    const cards = store.models.list();
    const earlier = cards.find((card) => card.path === model.path);
    const isTaken = (name: string): boolean => name === "starter" || cards.some((card) => card.name === name && card.path !== model.path);
    let name = earlier?.name ?? model.name;
    for (let number = 2; earlier === undefined && isTaken(name); number += 1) name = `${model.name} (${number})`;
    const card = { ...cardOf(model), name };
    await store.models.put(card);
    return card;
  }

  return {
    list,
    find,
    async scan(folders, signal) {
      const startedMs = performance.now();
      const places = [...(await usualModelFolders()), ...folders];
      const found = await scanForModels(places, signal === undefined ? {} : { signal });
      const models: ModelCard[] = [];
      for (const model of found.models) models.push(await keep(model));
      if (models.length > 0) onChange();
      const refused = found.refused.map(({ path, error }) => ({ path, message: error.message }));
      return { models, refused, places: places.length, milliseconds: performance.now() - startedMs };
    },
    async add(path) {
      const card = await keep(await openModel(path));
      onChange();
      return card;
    },
    async remove(name) {
      const card = await known(name);
      if (card.isBundled) throw appError("usage/invalid", "The starter ships with Semblance and cannot be removed.");
      await store.models.remove(card.name);
      onChange();
    },
    async verify(name) {
      const card = await known(name);
      const { sha256 } = await openModel(card.path);
      const ok = sha256 === card.sha256;
      const message = ok
        ? "The weights are the ones that were added."
        : "The weights changed since the model was added; add it again to use them.";
      return { name: card.name, ok, sha256, message };
    },
  };
}

function cardOf(model: ModelFolder): ModelCard {
  const { name, family, path, sha256, layout, precision, missing } = model;
  const enables = metricsOf(model).map((metric) => metric.name);
  return { name, family, path, sha256, layout, precision, enables, missing: [...missing], isBundled: false };
}
