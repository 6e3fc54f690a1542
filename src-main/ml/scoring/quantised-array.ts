/**
 * @file Numbers of tokens in eight bits: one scale and one mean for every channel of every head, both over the tokens of the picture.
 *
 *   q = round((x - mean) / scale), scale = max |x - mean| / 127      x' = q * scale + mean, off by half a scale at most
 *
 * Scale and mean are float32, and x' is rounded to float32 after the product and after the sum, as the operators of a graph do. So it is the same
 * number wherever it is computed. Source of the layout: symmetric quantisation per channel after Jacob et al., CVPR 2018 (arXiv 1712.05877), section 2.
 */

/** [heads, tokens, headDim] in eight bits. */
export interface QuantisedArray {
  readonly values: Int8Array;
  /** Of each channel of each head: [heads, headDim]. */
  readonly scale: Float32Array;
  readonly mean: Float32Array;
  readonly headDim: number;
}

const largest = 127;

/** Rounds `numbers` [heads, tokens, headDim] to eight bits. A channel that does not vary keeps its mean alone, with scale 0. */
export function quantise(numbers: Float32Array, { heads, headDim }: { readonly heads: number; readonly headDim: number }): QuantisedArray {
  const tokens = numbers.length / (heads * headDim);
  const mean = new Float32Array(heads * headDim);
  const scale = new Float32Array(heads * headDim);
  const values = new Int8Array(numbers.length);
  for (let head = 0; head < heads; head++) {
    const rows = numbers.subarray(head * tokens * headDim, (head + 1) * tokens * headDim);
    const channels = [head * headDim, (head + 1) * headDim] as const;
    const [means, scales] = [mean.subarray(...channels), scale.subarray(...channels)];
    measureChannels(rows, means, scales);
    const rounded = values.subarray(head * tokens * headDim, (head + 1) * tokens * headDim);
    roundChannels(rows, { means, scales, rounded });
  }
  return { values, scale, mean, headDim };
}

/** Mean and step of each channel of `rows` [tokens, channels]. */
function measureChannels(rows: Float32Array, means: Float32Array, scales: Float32Array): void {
  const channels = means.length;
  const sums = new Float64Array(channels);
  const reach = new Float64Array(channels);
  for (let start = 0; start < rows.length; start += channels) {
    for (let channel = 0; channel < channels; channel++) sums[channel] = (sums[channel] as number) + (rows[start + channel] as number);
  }
  for (let channel = 0; channel < channels; channel++) means[channel] = ((sums[channel] as number) * channels) / rows.length;
  for (let start = 0; start < rows.length; start += channels) {
    for (let channel = 0; channel < channels; channel++) {
      const distance = Math.abs((rows[start + channel] as number) - (means[channel] as number));
      if (distance > (reach[channel] as number)) reach[channel] = distance;
    }
  }
  for (let channel = 0; channel < channels; channel++) scales[channel] = (reach[channel] as number) / largest;
}

interface ChannelSteps {
  readonly means: Float32Array;
  readonly scales: Float32Array;
  /** Takes the steps, [tokens, channels]. */
  readonly rounded: Int8Array;
}

function roundChannels(rows: Float32Array, { means, scales, rounded }: ChannelSteps): void {
  const channels = means.length;
  for (let start = 0; start < rows.length; start += channels) {
    for (let channel = 0; channel < channels; channel++) {
      const step = scales[channel] as number;
      const steps = step === 0 ? 0 : Math.round(((rows[start + channel] as number) - (means[channel] as number)) / step);
      // A mean or a scale that was rounded can put the outermost number a hair beyond the range.
      rounded[start + channel] = Math.max(-largest, Math.min(largest, steps));
    }
  }
}

/** The numbers that eight bits stand for: float32 [heads, tokens, headDim]. */
export function dequantise({ values, scale, mean, headDim }: QuantisedArray): Float32Array {
  const numbers = new Float32Array(values.length);
  const perHead = (values.length * headDim) / scale.length;
  for (let i = 0; i < values.length; i++) {
    const channel = Math.floor(i / perHead) * headDim + (i % headDim);
    numbers[i] = Math.fround((values[i] as number) * (scale[channel] as number)) + (mean[channel] as number);
  }
  return numbers;
}
