/** @file What a picture says about itself and how it looks, as the library keeps it. */
import type { AssetId } from "#shared/domain/asset";
import type { AssetMetadata } from "#shared/domain/asset-metadata";
import { type ImageHeader, readImageHeader } from "../../data/imaging/header";
import { describeLook } from "../../data/imaging/look";
import { renderThumbnail } from "../../data/imaging/thumbnail";
import { type FileMetadata, readMetadata } from "../../data/metadata/read-metadata";
import type { DescribedAsset, Store } from "../../data/store/store-types";

/** Long side of the thumbnail that a look is taken from: the large one, since the small one may be made of it or of the picture. */
const lookSide = 512;

/** Describes the picture at `path`, whose bytes are those of `id`; its thumbnail is made if it is not there. @throws image/*, disk/* */
export async function describeAsset(store: Store, id: AssetId, path: string): Promise<DescribedAsset> {
  const thumbnail = await store.thumbnails.ensure(id, lookSide, path);
  // A kept thumbnail may be damaged; the picture still is what it was.
  const look = await describeLook(thumbnail).catch(async () => describeLook(await renderThumbnail(path, lookSide)));
  const { raw, ...account } = await readMetadata(path);
  return { id, raw, metadata: { ...account, ...look } };
}

export interface DescribedFile {
  readonly header: ImageHeader;
  readonly metadata: AssetMetadata;
  readonly raw: FileMetadata["raw"];
}

/** The same of any file, without a library. @throws image/* */
export async function describeFile(path: string): Promise<DescribedFile> {
  const header = await readImageHeader(path);
  const { raw, ...account } = await readMetadata(path);
  return { header, raw, metadata: { ...account, ...(await describeLook(await renderThumbnail(path, lookSide))) } };
}
