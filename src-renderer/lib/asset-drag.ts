/** @file Pictures of the library dragged inside the window, and out of it as files. */
import type { DragEvent } from "react";
import { pictureUrl } from "#shared/contract/media-routes";
import { type AssetId, type AssetSummary, assetIdSchema } from "#shared/domain/asset";

const assetDragType = "application/x-semblance-asset";

/** Gives a drag the picture: its id inside the window, its file outside. */
export function dragAsset({ dataTransfer }: DragEvent, { id, format, name }: Pick<AssetSummary, "id" | "format" | "name">): void {
  const url = new URL(pictureUrl(id), window.location.href).href;
  dataTransfer.setData(assetDragType, id);
  dataTransfer.setData("text/uri-list", url);
  dataTransfer.setData("DownloadURL", `image/${format}:${name}:${url}`);
  dataTransfer.effectAllowed = "copy";
}

/** Whether a drag may hold a picture: of the library, or a file. */
export function holdsPicture({ dataTransfer }: DragEvent): boolean {
  return dataTransfer.types.some((type) => type === "Files" || type === assetDragType);
}

/** The picture of the library that was dropped; null when it is something else. */
export function droppedAsset({ dataTransfer }: DragEvent): AssetId | null {
  return assetIdSchema.safeParse(dataTransfer.getData(assetDragType)).data ?? null;
}
