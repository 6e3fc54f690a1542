/** @file What is opened of a model once, so that prompts, graphs and sessions outlive a comparison. */
import type { ModelFolder } from "../models/model-folder";
import type { MetricContext } from "./metric";

interface Remembered<Opened> {
  readonly context: MetricContext;
  readonly opened: Promise<Opened>;
}

/** `open`, remembered for each model as long as it is to run on the same device in the same pool; what could not be opened is tried again. */
export function openOnce<Opened>(
  open: (model: ModelFolder, context: MetricContext) => Promise<Opened>,
): (model: ModelFolder, context: MetricContext) => Promise<Opened> {
  const remembered = new WeakMap<ModelFolder, Remembered<Opened>>();
  return (model, context) => {
    const known = remembered.get(model);
    if (known !== undefined && runsAlike(known.context, context)) return known.opened;
    const opened = open(model, context);
    remembered.set(model, { context, opened });
    opened.catch(() => remembered.delete(model));
    return opened;
  };
}

/** Whether sessions of the one serve the other. */
export function runsAlike(a: MetricContext, b: MetricContext): boolean {
  return a.sessions === b.sessions && a.runtime.device === b.runtime.device && a.runtime.threads === b.runtime.threads;
}
