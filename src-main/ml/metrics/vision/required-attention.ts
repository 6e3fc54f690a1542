/** @file The tokens of stored features, or the sentence that says they are not there. */
import { appError } from "#shared/domain/app-error";
import type { AttentionFeatures } from "../../scoring/attention-features";
import type { ImageFeatures } from "../metric";

/** Throws scoring/incompatible-features when only the pooled vector was kept. */
export function requiredAttention(features: ImageFeatures): AttentionFeatures {
  if (features.attention !== null) return features.attention;
  throw appError("scoring/incompatible-features", "The features of a picture hold no tokens.", {
    hint: "Index the picture again with this metric.",
  });
}
