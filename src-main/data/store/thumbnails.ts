/** @file Thumbnails on disk, one WebP per picture and size, rendered when first asked for. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import type { ThumbnailSize } from "#shared/contract/media-routes";
import { thumbnailSizes } from "#shared/contract/media-routes";
import type { AssetId } from "#shared/domain/asset";
import { writeFileAtomic } from "../../platform/atomic-file";
import { contentPath, removeContent } from "./content-path";
import type { ThumbnailStore } from "./store-types";

const extension = ".webp";

/** Renders the picture at `sourcePath` as WebP with its longer side at most `longSide` pixels. */
export type RenderThumbnail = (sourcePath: string, longSide: number) => Promise<Uint8Array>;

interface ThumbnailOptions {
  readonly folder: string;
  /** Where new thumbnails go: `folder`, or a temporary one when the library may not be written. */
  readonly writableFolder: string;
  readonly render: RenderThumbnail;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

export function createThumbnailStore({ folder, writableFolder, render }: ThumbnailOptions): ThumbnailStore {
  const pathIn = (base: string, id: AssetId, size: ThumbnailSize) => contentPath(join(base, String(size)), id, extension);
  // Many tiles may ask for the same picture at once; it is rendered once.
  const rendering = new Map<string, Promise<void>>();
  const renderOnce = async (target: string, sourcePath: string, size: ThumbnailSize): Promise<void> => {
    const running = rendering.get(target) ?? render(sourcePath, size).then((bytes) => writeFileAtomic(target, bytes));
    rendering.set(target, running);
    try {
      await running;
    } finally {
      rendering.delete(target);
    }
  };
  return {
    path: (id, size) => pathIn(folder, id, size),
    async ensure(id, size, sourcePath) {
      const kept = pathIn(folder, id, size);
      if (await exists(kept)) return kept;
      const target = pathIn(writableFolder, id, size);
      if (target !== kept && (await exists(target))) return target;
      await renderOnce(target, sourcePath, size);
      return target;
    },
    removeAssets: (ids) =>
      removeContent(
        thumbnailSizes.map((size) => join(folder, String(size))),
        ids,
        extension,
      ),
  };
}
