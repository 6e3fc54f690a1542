/** @file What is thrown where nothing is measured with a metric. */
import { type AppError, appError } from "#shared/domain/app-error";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { Store } from "../../data/store/store-types";

/** library/not-indexed, for a library without pictures or without measurements of a metric. */
export function notMeasured(store: Store, { metric }: { readonly metric: MetricName }): AppError {
  if (store.assets.count() === 0) {
    return appError("library/not-indexed", "The library has no pictures yet.", {
      hint: "Add a folder with `semblance index add DIR`, then run `semblance index run`.",
    });
  }
  return appError("library/not-indexed", `The library is not measured with ${metric} yet.`, {
    hint: `Run \`semblance index run --metric ${metric}\`.`,
  });
}
