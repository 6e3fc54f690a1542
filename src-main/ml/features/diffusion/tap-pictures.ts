/** @file Inner values of a U-Net for pictures: one forward pass for all taps, averaged over noise and over the mirror image where that is asked for. */
import { reverseColumns } from "../../tensor/reverse-columns";
import { stackRows } from "../../tensor/stack-rows";
import { tensor, type Float32Tensor } from "../../tensor/tensor";
import type { ResolvedTap } from "../tap-names/resolve-taps";
import { featureOf, turnedBack } from "./feature-layout";
import { meanOf } from "./map-arithmetic";
import type { Picture } from "./pixels";
import type { UNetPass } from "./unet-pass";

/** The taps of one picture by their names. */
export type TappedPicture = ReadonlyMap<string, Float32Tensor>;

/**
 * The taps of each picture under their names, in the layout of `featureOf`; where the network sees a latent in several rows, with the rows as first axis.
 * Features of several seeds, and those of the mirror image turned back, are averaged. Two pictures are a pair: see `UNetPass.latents`.
 */
export async function tapPictures(
  pass: UNetPass,
  pictures: readonly Picture[],
  taps: readonly ResolvedTap[],
): Promise<readonly TappedPicture[]> {
  const pixels = pictures.map((picture) => pass.pixels(picture));
  const draws = [...(await tapEverySeed(pass, pixels, taps))];
  if (pass.flip) {
    const mirrored = pixels.map((picture) => reverseColumns(picture, pass.size, 1));
    const reflected = await tapEverySeed(pass, mirrored, taps);
    draws.push(...reflected.map((pair) => pair.map((rows) => rows.map(({ tap, value }) => ({ tap, value: turnedBack(tap, value) })))));
  }
  return pictures.map((_, i) => meanFeatures(draws.map((draw) => draw[i] ?? [])));
}

/** One tap in one row. */
interface Feature {
  readonly tap: ResolvedTap;
  readonly value: Float32Tensor;
}

/** For each seed and each picture the features of all taps, row by row. */
async function tapEverySeed(
  pass: UNetPass,
  pixels: readonly Float32Tensor[],
  taps: readonly ResolvedTap[],
): Promise<readonly (readonly (readonly Feature[])[])[]> {
  const posteriors = [];
  for (const picture of pixels) posteriors.push(await pass.pipeline.encodePixels(picture));
  const draws: (readonly Feature[])[][] = [];
  for (const seed of pass.seeds) {
    const pair: (readonly Feature[])[] = [];
    for (const latent of pass.latents(posteriors, seed)) pair.push(await tapLatent(pass, latent, taps));
    draws.push(pair);
  }
  return draws;
}

async function tapLatent(pass: UNetPass, latent: Float32Tensor, taps: readonly ResolvedTap[]): Promise<readonly Feature[]> {
  // The network's input cannot be its output as well.
  const paths = taps.flatMap(({ path }) => (path === "sample" ? [] : [path]));
  const request = { latents: [latent], timestep: pass.timestep, rows: await pass.rows(), taps: paths };
  const [tapped] = paths.length === 0 ? [] : await pass.pipeline.tapUNet(request);
  const valueOf = ({ path }: ResolvedTap) => (path === "sample" ? latent : (tapped?.get(path) as Float32Tensor));
  return taps.flatMap((tap) => rowsOf(valueOf(tap)).map((row) => ({ tap, value: featureOf(tap, row) })));
}

/** The mean over draws, whose features are of the same taps and rows in the same order. */
function meanFeatures(draws: readonly (readonly Feature[])[]): TappedPicture {
  const rows = new Map<string, Float32Tensor[]>();
  for (const [i, { tap }] of (draws[0] ?? []).entries()) {
    const mean = meanOf(draws.map((features) => features[i]?.value as Float32Tensor));
    rows.set(tap.name, [...(rows.get(tap.name) ?? []), mean]);
  }
  return new Map([...rows].map(([name, values]) => [name, inRows(values)]));
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
