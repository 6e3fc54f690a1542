/** @file Inner values of a U-Net for one picture: one forward pass for all taps, averaged over noise and over the mirror image where that is asked for. */
import { listUNetTaps } from "../../models/stable-diffusion/unet";
import type { TapFacts } from "../../models/stable-diffusion/tap-collector";
import { tensor, type Float32Tensor } from "../../tensor/tensor";
import { resolveTaps, type ResolvedTap } from "../tap-names/resolve-taps";
import { featureOf, turnedBack } from "./feature-layout";
import { meanOf } from "./map-arithmetic";
import { mirrorImage, type Picture } from "./pixels";
import type { UNetPass } from "./unet-pass";

/** Tokens of every prompt. */
const textTokens = 77;

/** All taps of the U-Net with the shapes they have in this pass. Throws weights/... where the file does not fit its configuration. */
export function unetTaps({ pipeline, size }: Pick<UNetPass, "pipeline" | "size">): readonly TapFacts[] {
  const { weights, config } = pipeline.networks.unet;
  const side = Math.floor(size / 8);
  return listUNetTaps(weights, config, { height: side, width: side, textTokens });
}

/** The taps behind `names`; see `resolveTaps`. */
export function resolvePassTaps(pass: UNetPass, names: readonly string[]): readonly ResolvedTap[] {
  const kind = pass.pipeline.networks.unet.config.additionEmbed === null ? "stable-diffusion" : "stable-diffusion-xl";
  return resolveTaps({ kind, paths: unetTaps(pass).map(({ name }) => name) }, names);
}

/**
 * The taps of one picture under their names, in the layout of `featureOf`; where the network sees a latent in several rows, with the rows as first axis.
 * Features of several seeds, and those of the mirror image turned back, are averaged.
 */
export async function tapPicture(
  pass: UNetPass,
  picture: Picture,
  { taps, flip }: { readonly taps: readonly ResolvedTap[]; readonly flip: boolean },
): Promise<ReadonlyMap<string, Float32Tensor>> {
  const draws = [...(await tapEverySeed(pass, picture, taps))];
  if (flip) {
    const reflected = await tapEverySeed(pass, mirrorImage(picture), taps);
    draws.push(...reflected.map((features) => features.map(({ tap, value }) => ({ tap, value: turnedBack(tap, value) }))));
  }
  const means = (draws[0] ?? []).map(({ tap }, i) => ({
    tap,
    value: meanOf(draws.map((features) => features[i]?.value as Float32Tensor)),
  }));
  return new Map(taps.map((tap) => [tap.name, stackedRows(means.filter((feature) => feature.tap === tap).map(({ value }) => value))]));
}

/** One tap in one row. */
interface Feature {
  readonly tap: ResolvedTap;
  readonly value: Float32Tensor;
}

/** For each seed the features of all taps, row by row. */
async function tapEverySeed(pass: UNetPass, picture: Picture, taps: readonly ResolvedTap[]): Promise<readonly (readonly Feature[])[]> {
  const posterior = await pass.encode(picture);
  const rows = await pass.rows();
  // The network's input cannot be its output as well.
  const paths = taps.flatMap(({ path }) => (path === "sample" ? [] : [path]));
  const draws: Feature[][] = [];
  for (const seed of pass.seeds) {
    const sample = pass.latent(posterior, seed);
    const [tapped] =
      paths.length === 0 ? [] : await pass.pipeline.tapUNet({ latents: [sample], timestep: pass.timestep, rows, taps: paths });
    const valueOf = ({ path }: ResolvedTap) => (path === "sample" ? sample : (tapped?.get(path) as Float32Tensor));
    draws.push(taps.flatMap((tap) => rowsOf(valueOf(tap)).map((row) => ({ tap, value: featureOf(tap, row) }))));
  }
  return draws;
}

function rowsOf({ shape: [rows = 1, ...shape], data }: Float32Tensor): readonly Float32Tensor[] {
  const size = data.length / rows;
  return Array.from({ length: rows }, (_, row) => tensor(shape, data.subarray(row * size, (row + 1) * size)));
}

/** Several rows with their axis in front; one row as it is. */
function stackedRows(rows: readonly Float32Tensor[]): Float32Tensor {
  const [first] = rows as readonly [Float32Tensor, ...Float32Tensor[]];
  if (rows.length === 1) return first;
  const data = new Float32Array(rows.length * first.data.length);
  rows.forEach((row, i) => data.set(row.data, i * first.data.length));
  return tensor([rows.length, ...first.shape], data);
}
