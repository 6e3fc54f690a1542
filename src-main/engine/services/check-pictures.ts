/** @file The pictures of a check as its answer shows them, whether the library has them or they come from outside. */
import { basename } from "node:path";
import type { AssetId } from "#shared/domain/asset";
import type { CheckPicture } from "#shared/domain/check";
import type { Store } from "../../data/store/store-types";
import { describeFile } from "./describe-asset";
import type { PictureSource } from "./picture-source";

/** `phash` is null for a picture of the library that was not described yet. */
export interface DescribedPicture extends CheckPicture {
  readonly phash: string | null;
}

/** What a check says about a picture. Throws asset/not-found, image/... for one that the library does not have. */
export async function describePicture(
  { store, pictures }: { readonly store: Store; readonly pictures: PictureSource },
  id: AssetId,
): Promise<DescribedPicture> {
  const known = store.assets.get(id);
  if (known !== null) {
    const { files, measuredWith: _, annotation: _said, ...asset } = known;
    await store.metadata.ready();
    const metadata = store.metadata.get(id);
    return { asset, path: files[0]?.path ?? "", generation: metadata?.generation ?? null, phash: metadata?.phash ?? null };
  }
  const path = await pictures.path(id);
  const { header, metadata } = await describeFile(path);
  const { width, height, format } = header;
  const asset = { id, name: basename(path), width, height, format, isMissing: false, isMeasured: false, rating: null, flag: null };
  return { asset, path, generation: metadata.generation, phash: metadata.phash };
}
