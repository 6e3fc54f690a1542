/** @file The model a metric runs on, or the sentence that says which one is needed. */
import { appError } from "#shared/domain/app-error";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { ModelFolder } from "../models/model-folder";
import type { MetricContext } from "./metric";

/** The opened model of the context; that it can run the metric was made sure by `assertRunsOn`. Throws metric/needs-model. */
export function requiredModel(context: MetricContext, metric: MetricName, wanted: string): ModelFolder {
  if (context.checkpoint !== null) return context.checkpoint;
  throw appError("metric/needs-model", `${metric} needs a model.`, { hint: `Give the folder of ${wanted}.` });
}
