/** @file Name and size of any picture by its id: of the library, or from outside it. */
import { useQuery } from "@tanstack/react-query";
import { create } from "zustand";
import { thumbnailUrl } from "#shared/contract/media-routes";
import { type AppErrorShape, appError } from "#shared/domain/app-error";
import type { AssetId, AssetSummary } from "#shared/domain/asset";
import { appErrorOf } from "./app-error-of";
import { useEngine } from "./engine";

/** Pictures from outside that were added while this page is open: the engine keeps their pixels but not their names. */
const useOutsidePictures = create<{ readonly byId: ReadonlyMap<AssetId, AssetSummary> }>(() => ({ byId: new Map() }));

export function rememberOutsidePicture(picture: AssetSummary): void {
  useOutsidePictures.setState(({ byId }) => ({ byId: new Map(byId).set(picture.id, picture) }));
}

/** `name` is null for a picture from outside whose name is not known any more. */
export interface PictureFacts {
  readonly name: string | null;
  readonly width: number;
  readonly height: number;
}

export interface PictureState {
  readonly picture: PictureFacts | null;
  readonly error: AppErrorShape | null;
}

/** What is known of a picture; a null id asks nothing. A picture that is not in the library is measured by its thumbnail. */
export function usePicture(assetId: AssetId | null): PictureState {
  const { api } = useEngine();
  const outside = useOutsidePictures((state) => (assetId === null ? undefined : state.byId.get(assetId)));
  const isAsked = assetId !== null && outside === undefined;
  const id = assetId ?? ("" as AssetId);
  const detail = useQuery(api.assets.detail.queryOptions({ input: { assetId: id }, enabled: isAsked }));
  const size = useQuery({ queryKey: ["picture-size", id], queryFn: () => thumbnailSize(id), enabled: isAsked && detail.isError });
  const picture = outside ?? detail.data ?? (size.data === undefined ? null : { name: null, ...size.data });
  return { picture, error: size.error === null ? null : appErrorOf(size.error) };
}

function thumbnailSize(assetId: AssetId): Promise<{ readonly width: number; readonly height: number }> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.addEventListener("load", () => resolve({ width: image.naturalWidth, height: image.naturalHeight }));
    image.addEventListener("error", () =>
      reject(appError("asset/not-found", "This picture is not there any more.", { hint: "Choose it again." })),
    );
    image.src = thumbnailUrl(assetId, 1024);
  });
}
