/** @file Features of a picture under a recipe: from the library where they lie, else computed from the file and kept. */
import { createHash } from "node:crypto";
import type { AssetId } from "#shared/domain/asset";
import type { Crop } from "#shared/domain/search";
import { defined } from "#shared/lib/assert";
import { brandId } from "#shared/lib/branded-id";
import { canonicalJson } from "#shared/lib/canonical-json";
import type { Store } from "../../data/store/store-types";
import type { ImageFeatures } from "../../ml/metrics/metric";
import type { Allocate } from "../../platform/lent-memory";
import type { RawImage } from "../../platform/raw-image";
import type { InferenceService } from "../inference/inference-service";
import type { Lane, Lanes } from "../jobs/lanes";
import type { FeatureForms } from "./cache-forms";
import { packFeatures, precisionOf, toStoredPrecision, unpackFeatures } from "./feature-blobs";
import type { MeasureRecipe } from "./measure-recipes";
import type { PictureSource } from "./picture-source";

/** A picture by the hash of its bytes, or a part of one. */
export interface SourcePicture {
  readonly id: AssetId;
  decode(): Promise<RawImage>;
  /** Whether features that had to be computed are worth their place in the library. */
  readonly isKept: boolean;
  /** Where features that are kept are read to; memory of their own when left out. */
  readonly allocate?: Allocate | undefined;
}

/** What of a picture is meant, the whole when left out, and where its features are read to. */
export interface FeatureOptions extends Pick<SourcePicture, "allocate"> {
  readonly crop?: Crop | null;
}

export interface FeatureSource {
  /** Features of a whole picture, or of a part of it. Throws asset/not-found or image/... when it must be decoded and cannot be. */
  of(recipe: MeasureRecipe, assetId: AssetId, options?: FeatureOptions): Promise<ImageFeatures>;
  /** The same, never in eight bits: what is kept like that is computed again, and stays as it is. */
  exact(recipe: MeasureRecipe, assetId: AssetId, options?: FeatureOptions): Promise<ImageFeatures>;
  /** Features of any picture, one for each recipe. It is decoded only where some are not there yet, and measured once for all of them. */
  ofPicture(recipes: readonly MeasureRecipe[], picture: SourcePicture): Promise<readonly ImageFeatures[]>;
  /** Only what is already there; null otherwise. */
  cached(recipe: MeasureRecipe, assetId: AssetId): Promise<ImageFeatures | null>;
}

/** Under which id the features of a part of a picture are kept. */
export function croppedId(assetId: AssetId, crop: Crop | null): AssetId {
  if (crop === null) return assetId;
  return brandId<AssetId>(
    createHash("sha256")
      .update(`${assetId} ${canonicalJson(crop)}`)
      .digest("hex")
      .slice(0, 32),
  );
}

export interface FeatureSourceParts {
  readonly store: Store;
  readonly pictures: PictureSource;
  readonly inference: InferenceService;
  readonly lanes: Lanes;
  readonly lane: Lane;
  readonly forms: FeatureForms;
}

/** Creates the source; what it computes waits in `lane`. */
export function createFeatureSource({ store, pictures, inference, lanes, lane, forms }: FeatureSourceParts): FeatureSource {
  async function cached(recipe: MeasureRecipe, assetId: AssetId, allocate?: Allocate): Promise<ImageFeatures | null> {
    const blob = await store.features.read(recipe.id, assetId, allocate);
    const kept = blob === null ? null : unpackFeatures(blob);
    if (recipe.hasTokens) forms.noteRead(recipe.id, kept !== null);
    if (blob !== null || recipe.hasTokens) return kept;
    // A metric without tokens keeps nothing but the vector, and that lies in its table.
    const table = store.findEmbeddings(recipe.id);
    const vector = (await table?.get([assetId]))?.get(assetId);
    return vector === undefined ? null : { pooled: vector, attention: null };
  }

  /** Kept only to be faster next time: a full disk must not stop an answer. An index run writes its features itself and minds. */
  async function keep({ id }: MeasureRecipe, assetId: AssetId, measured: ImageFeatures): Promise<void> {
    if (!store.isReadOnly) await store.features.write(id, assetId, packFeatures(measured)).catch(() => undefined);
  }

  async function ofPicture(
    recipes: readonly MeasureRecipe[],
    { id, decode, isKept, allocate }: SourcePicture,
  ): Promise<readonly ImageFeatures[]> {
    const known: (ImageFeatures | null)[] = [];
    // One after the other: where one fails, none may still be writing to memory that is then lent to somebody else.
    for (const recipe of recipes) known.push(await cached(recipe, id, allocate));
    const missing = recipes.filter((_, place) => known[place] === null);
    if (missing.length === 0) return known.filter((features) => features !== null);
    const image = await decode();
    const fresh = await lanes.run(lane, () =>
      inference.extract(
        missing.map(({ key }) => key),
        image,
      ),
    );
    const measured = fresh.map((features, place) => toStoredPrecision(features, forms.of(defined(missing[place], "a recipe").id)));
    if (isKept) for (const [place, recipe] of missing.entries()) await keep(recipe, id, defined(measured[place], "features"));
    return known.map((features) => features ?? defined(measured.shift(), "features for every recipe that lacked them"));
  }

  return {
    async exact(recipe, assetId, { crop = null, allocate } = {}) {
      const id = croppedId(assetId, crop);
      const kept = await cached(recipe, id, allocate);
      if (kept !== null && precisionOf(kept) !== "int8") return kept;
      const image = await pictures.decode(assetId, crop);
      const [extracted] = await lanes.run(lane, () => inference.extract([recipe.key], image));
      const fresh = defined(extracted, "features of the one recipe");
      if (kept === null) await keep(recipe, id, toStoredPrecision(fresh, forms.of(recipe.id)));
      return toStoredPrecision(fresh);
    },
    async of(recipe, assetId, { crop = null, allocate } = {}) {
      const [features] = await ofPicture([recipe], {
        id: croppedId(assetId, crop),
        decode: () => pictures.decode(assetId, crop),
        isKept: true,
        allocate,
      });
      return defined(features, "features of the one recipe");
    },
    ofPicture,
    cached,
  };
}
