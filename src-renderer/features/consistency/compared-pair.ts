/** @file Two pictures on their way to Compare. */
import type { AssetId } from "#shared/domain/asset";
import type { MetricName } from "#shared/domain/feature-recipe";

/** With the metric they are to be compared by. */
export interface ComparedPair {
  readonly a: AssetId;
  readonly b: AssetId;
  readonly metric: MetricName;
}
