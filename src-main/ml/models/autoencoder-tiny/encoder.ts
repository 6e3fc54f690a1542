/**
 * @file The encoder of the tiny autoencoder for Stable Diffusion: a picture to its latent, without a posterior to draw from.
 * Source: diffusers `AutoencoderTiny.encode`, `EncoderTiny`, `AutoencoderTinyBlock`; madebyollin/taesd `taesd.py`.
 */
import { appError } from "#shared/domain/app-error";
import { GraphBuilder } from "../../graph/graph-builder";
import type { Graph } from "../../graph/graph-core";
import type { Value } from "../../graph/value";
import { conv2d } from "../../nn/conv2d";
import type { WeightScope } from "../../weights/weight-scope";
import type { VaeEncoderGraphOptions } from "../stable-diffusion/vae-encoder";
import type { AutoencoderTinyConfig } from "./config";

/** The picture is halved this many times. */
const halvings = 3;

/**
 * Authors the encoder. Input `pixel_values` [N, 3, H, W] in -1..1; output `mean`, the latent itself, [N, latentChannels, H/8, W/8].
 * The layers are numbered, in diffusers' files below `encoder.layers`, in the authors' own file at the root; their kinds follow from their tensors.
 *
 * @throws weights/missing-tensor, weights/shape-mismatch, graph/unsupported-config when the layers are not those of an encoder that halves three times
 */
export function buildTinyEncoder(weights: WeightScope, config: AutoencoderTinyConfig, options: VaeEncoderGraphOptions): Graph {
  const { height, width, ...graphOptions } = options;
  const g = new GraphBuilder(graphOptions);
  const pixels = g.input("pixel_values", "float32", ["N", 3, height, width]);
  const layers = weights.has("encoder.layers") ? weights.scope("encoder.layers") : weights;
  const last = lastLayer(layers);
  // The network itself counts from 0 to 1.
  let x = conv2d(g, g.scale(g.add(pixels, g.scalar(1)), 0.5), layers.scope("0"), { kernelSize: 3, padding: 1 });
  for (let i = 1; i < last; i++) {
    const layer = layers.scope(`${i}`);
    x = layer.has("conv") ? block(g, x, layer) : conv2d(g, x, layer, { kernelSize: 3, padding: 1, stride: 2, bias: false });
  }
  g.output("mean", conv2d(g, x, layers.scope(`${last}`), { outChannels: config.latentChannels, kernelSize: 3, padding: 1 }));
  return g.build();
}

/** Emits `AutoencoderTinyBlock`: three convolutions beside a shortcut, with a ReLU after every one and after their sum. */
function block(g: GraphBuilder, x: Value, weights: WeightScope): Value {
  const conv = (input: Value, name: string) => conv2d(g, input, weights.scope(`conv.${name}`), { kernelSize: 3, padding: 1 });
  const h = conv(g.relu(conv(g.relu(conv(x, "0")), "2")), "4");
  const shortcut = weights.has("skip") ? conv2d(g, x, weights.scope("skip"), { kernelSize: 1, bias: false }) : x;
  return g.relu(g.add(h, shortcut));
}

/** Number of the last layer, after a look at whether these are the layers of such an encoder. */
function lastLayer(layers: WeightScope): number {
  let last = 0;
  let halved = 0;
  while (layers.has(`${last + 1}`)) {
    last += 1;
    if (!layers.scope(`${last}`).has("conv") && layers.has(`${last + 1}`)) halved += 1;
  }
  if (halved === halvings && layers.has("0")) return last;
  throw appError("graph/unsupported-config", `The layers of the tiny autoencoder halve a picture ${halved} times, not ${halvings} times.`, {
    hint: "Use taesd for Stable Diffusion 1.x and 2.x, or taesdxl for Stable Diffusion XL; the file needs the encoder.",
  });
}
