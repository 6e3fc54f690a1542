/**
 * @file What stands in front in a picture: the mask that a person gave, else where the picture is opaque, else an estimate from its features.
 * Tiles are those of a recipe, because a score weighs the tokens of its own grid.
 */
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import { gridArea } from "#shared/domain/grid-area";
import { type Mask, type MaskInUse, type MaskPixels, type MaskSource, maskSize, packMask, unpackMask } from "#shared/domain/mask";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { TokenGrid } from "#shared/domain/score";
import { decodeAlpha } from "../../data/imaging/decode-alpha";
import { readImageHeader } from "../../data/imaging/header";
import type { Store } from "../../data/store/store-types";
import type { TileMask } from "../../ml/maps/tile-mask";
import type { ImageFeatures } from "../../ml/metrics/metric";
import type { AttentionFeatures } from "../../ml/scoring/attention-features";
import { memoizePromise } from "../../platform/memoize-promise";
import type { MaskImage } from "../../platform/raw-image";
import type { FeatureSource } from "./feature-source";
import { estimatedTiles, maskOfTiles, partsPicture, reducedMask, tilesOfMask } from "./mask-tiles";
import type { MeasureRecipe } from "./measure-recipes";
import type { PictureSource } from "./picture-source";

export interface ForegroundService {
  /**
   * The tiles of a picture that stand in front, on the grid of the recipe; null where the recipe has no tokens. Whoever has the features already gives them.
   * Throws asset/not-found, image/..., library/corrupt for a mask that is damaged.
   */
  maskOf(recipe: MeasureRecipe, assetId: AssetId, measured?: ImageFeatures): Promise<TileMask | null>;
  /** The mask in use with its source. Throws the same, and metric/unknown for a recipe without tokens. */
  inUse(recipe: MeasureRecipe, assetId: AssetId): Promise<MaskInUse>;
  /** The estimate, whatever mask is in use. */
  estimate(recipe: MeasureRecipe, assetId: AssetId): Promise<MaskInUse>;
  /** Keeps the mask a person gave, or drops it; answers the one before. Throws asset/not-found, usage/invalid for a mask of nothing. */
  put(assetId: AssetId, mask: Mask | null): Promise<Mask | null>;
}

export interface ForegroundParts {
  readonly store: Store;
  readonly pictures: PictureSource;
  readonly features: FeatureSource;
}

/** Masks that do not come from features, of one picture. */
interface PictureMask {
  readonly source: Exclude<MaskSource, "estimate">;
  readonly mask: Mask;
}

/** Pictures of which the decision is remembered. */
const rememberedPictures = 20_000;

/** Creates the service. */
export function createForegroundService({ store, pictures, features }: ForegroundParts): ForegroundService {
  const pictureMasks = memoizePromise(async (assetId: AssetId): Promise<PictureMask | null> => {
    const given = await store.masks.read(assetId);
    if (given !== null) return { source: "given", mask: given };
    const opaque = await opaqueArea(await pictures.path(assetId));
    return opaque === null ? null : { source: "transparency", mask: opaque };
  });
  const remembered = new Set<AssetId>();
  const pictureMask = (assetId: AssetId): Promise<PictureMask | null> => {
    remembered.add(assetId);
    for (const oldest of remembered) {
      if (remembered.size <= rememberedPictures) break;
      remembered.delete(oldest);
      pictureMasks.forget(oldest);
    }
    return pictureMasks(assetId);
  };

  async function sizeOf(assetId: AssetId): Promise<Pick<MaskPixels, "width" | "height">> {
    return store.assets.get(assetId) ?? readImageHeader(await pictures.path(assetId));
  }

  async function tokensOf(recipe: MeasureRecipe, assetId: AssetId): Promise<AttentionFeatures> {
    const { attention } = await features.of(recipe, assetId);
    if (attention === null) throw noForegroundScore(recipe.recipe.metric);
    return attention;
  }

  async function tilesFrom(
    mask: Mask,
    recipe: MeasureRecipe,
    at: { readonly assetId: AssetId; readonly grid: TokenGrid },
  ): Promise<TileMask> {
    return tilesOfMask(scaled(unpackMask(mask)), at.grid, gridArea(recipe.recipe, await sizeOf(at.assetId)));
  }

  async function estimate(recipe: MeasureRecipe, assetId: AssetId): Promise<MaskInUse> {
    const { grid, tiles } = estimated(await tokensOf(recipe, assetId));
    const size = await sizeOf(assetId);
    const mask = maskOfTiles(tiles, { grid, area: gridArea(recipe.recipe, size), size: maskSize(size) });
    return { source: "estimate", mask: packMask(mask), grid, tiles: [...tiles] };
  }

  return {
    estimate,
    async maskOf(recipe, assetId, measured) {
      if (!recipe.hasTokens) return null;
      const attention = measured?.attention ?? (await tokensOf(recipe, assetId));
      const found = await pictureMask(assetId);
      return found === null ? estimated(attention).tiles : tilesFrom(found.mask, recipe, { assetId, grid: attention.grid });
    },
    async inUse(recipe, assetId) {
      const found = await pictureMask(assetId);
      if (found === null) return estimate(recipe, assetId);
      const { rows, columns } = (await tokensOf(recipe, assetId)).grid;
      const tiles = await tilesFrom(found.mask, recipe, { assetId, grid: { rows, columns } });
      return { ...found, grid: { rows, columns }, tiles: [...tiles] };
    },
    async put(assetId, mask) {
      if (mask !== null && mask.runs.every((length, run) => run % 2 === 0 || length === 0)) {
        throw appError("usage/invalid", "The mask is empty: nothing of the picture would count.", {
          hint: "Mark what stands in front in white, or remove the mask.",
        });
      }
      await pictures.path(assetId);
      const previous = await store.masks.put(assetId, mask);
      pictureMasks.forget(assetId);
      return previous;
    },
  };
}

/** Refuses to leave out a part of a picture where a score is made of the picture as one thing. */
export function noForegroundScore(metric: MetricName): Error {
  return appError("usage/invalid", `${metric} sees a picture as one thing and has no score of its foreground.`, {
    hint: "Use a metric that compares tokens, for example starter-subject, or compare whole pictures.",
  });
}

function estimated(attention: AttentionFeatures): { readonly grid: TokenGrid; readonly tiles: TileMask } {
  const { rows, columns } = attention.grid;
  return { grid: { rows, columns }, tiles: estimatedTiles(attention) };
}

/** Where a picture is opaque; null where transparency says nothing. */
async function opaqueArea(path: string): Promise<Mask | null> {
  const alpha = await decodeAlpha(path);
  return alpha === null || !partsPicture(alpha) ? null : reducedMask(alpha);
}

const scaled = ({ width, height, data }: MaskPixels): MaskImage => ({ width, height, data: data.map((bit) => bit * 255) });
