/** @file One vector for a whole picture from its attention features. */
import type { AttentionFeatures } from "./attention-features";
import { widened } from "./feature-array";

/** Mean over the tokens of the self-attention output of every head, side by side: [heads * headDim]. */
export function meanOutput({ heads, tokens, headDim, output }: AttentionFeatures): Float32Array {
  const numbers = widened(output);
  const mean = new Float32Array(heads * headDim);
  for (let head = 0; head < heads; head++) {
    for (let channel = 0; channel < headDim; channel++) {
      let sum = 0;
      for (let token = 0; token < tokens; token++) sum += numbers[(head * tokens + token) * headDim + channel] ?? 0;
      mean[head * headDim + channel] = sum / tokens;
    }
  }
  return mean;
}
