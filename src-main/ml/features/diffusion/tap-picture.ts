/** @file Inner values of a U-Net for one picture: one forward pass for all taps, averaged over noise and over the mirror image where that is asked for. */
import { reverseColumns } from "../../tensor/reverse-columns";
import { stackRows } from "../../tensor/stack-rows";
import { tensor, type Float32Tensor } from "../../tensor/tensor";
import type { ResolvedTap } from "../tap-names/resolve-taps";
import { featureOf, turnedBack } from "./feature-layout";
import { meanOf } from "./map-arithmetic";
import type { Picture } from "./pixels";
import type { UNetPass } from "./unet-pass";

/**
 * The taps of one picture under their names, in the layout of `featureOf`; where the network sees a latent in several rows, with the rows as first axis.
 * Features of several seeds, and those of the mirror image turned back, are averaged.
 */
export async function tapPicture(
  pass: UNetPass,
  picture: Picture,
  taps: readonly ResolvedTap[],
): Promise<ReadonlyMap<string, Float32Tensor>> {
  const pixels = pass.pixels(picture);
  const draws = [...(await tapEverySeed(pass, pixels, taps))];
  if (pass.flip) {
    const reflected = await tapEverySeed(pass, reverseColumns(pixels, pass.size, 1), taps);
    draws.push(...reflected.map((features) => features.map(({ tap, value }) => ({ tap, value: turnedBack(tap, value) }))));
  }
  const means = (draws[0] ?? []).map(({ tap }, i) => ({
    tap,
    value: meanOf(draws.map((features) => features[i]?.value as Float32Tensor)),
  }));
  return new Map(taps.map((tap) => [tap.name, inRows(means.filter((feature) => feature.tap === tap).map(({ value }) => value))]));
}

/** One tap in one row. */
interface Feature {
  readonly tap: ResolvedTap;
  readonly value: Float32Tensor;
}

/** For each seed the features of all taps, row by row. */
async function tapEverySeed(pass: UNetPass, pixels: Float32Tensor, taps: readonly ResolvedTap[]): Promise<readonly (readonly Feature[])[]> {
  const posterior = await pass.pipeline.encodePixels(pixels);
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
function inRows(rows: readonly Float32Tensor[]): Float32Tensor {
  const [first] = rows as readonly [Float32Tensor, ...Float32Tensor[]];
  return rows.length === 1 ? first : stackRows(rows.map(({ shape, data }) => tensor([1, ...shape], data)));
}
