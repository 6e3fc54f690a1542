/** @file The model a metric runs on, or the sentence that says which one is needed. */
import { appError } from "#shared/domain/app-error";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { ModelFolder } from "../models/model-folder";
import type { MetricContext } from "./metric";

/**
 * The opened model of the context, if it can run `metric`.
 *
 * @throws metric/needs-model, checkpoint/unsupported (another family), checkpoint/incomplete (naming what is missing)
 */
export function requiredModel(context: MetricContext, metric: MetricName, wanted: string): ModelFolder {
  const model = context.checkpoint;
  if (model === null) throw appError("metric/needs-model", `${metric} needs a model.`, { hint: `Give the folder of ${wanted}.` });
  if (model.enables.includes(metric)) return model;
  if (model.missing.length > 0)
    throw appError(
      "checkpoint/incomplete",
      `${model.name} cannot run ${metric}: ${model.missing.join(" and ")} ${model.missing.length === 1 ? "is" : "are"} missing.`,
      {
        hint: "Download the missing files.",
      },
    );
  throw appError("checkpoint/unsupported", `${model.name} cannot run ${metric}.`, { hint: `${metric} needs ${wanted}.` });
}
