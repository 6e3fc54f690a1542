/** @file What people said about pictures, written down for other programs: one XMP file per picture file, and only when it is asked for. */
import { join, relative } from "node:path";
import { toAppError } from "#shared/domain/app-error";
import type { AssetDetail } from "#shared/domain/asset";
import type { LibraryRoot } from "#shared/domain/library";
import { sidecarPath, writeSidecar } from "../../data/sidecar/write-sidecar";
import { xmpPacket } from "../../data/sidecar/xmp-packet";
import type { Store } from "../../data/store/store-types";

export interface SidecarRequest {
  /** A filter, see `parseFilter`; null for all pictures. */
  readonly where: string | null;
  /** A folder in which the folders of the library are repeated; null for beside the pictures. */
  readonly folder: string | null;
  /** Only says what would be written. */
  readonly isDryRun: boolean;
}

export interface SidecarReport {
  /** Paths of new and changed sidecars. */
  readonly written: readonly string[];
  /** Sidecars that say it already. */
  readonly unchanged: number;
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/** Writes the sidecars of all pictures that pass and about which something was said. One that cannot be written does not stop the others. */
export async function exportSidecars(store: Store, request: SidecarRequest, signal?: AbortSignal): Promise<SidecarReport> {
  const roots = await store.roots.list();
  const written: string[] = [];
  const skipped: { path: string; reason: string }[] = [];
  let unchanged = 0;
  for (const id of await store.assets.matching({ folder: null, text: null, where: request.where })) {
    const detail = store.assets.get(id);
    const packet = xmpPacket(store.annotations.get(id));
    for (const file of detail?.files ?? []) {
      signal?.throwIfAborted();
      const place = placeOf(file, { roots, folder: request.folder });
      const isNeeded = hasSomethingToSay(detail);
      if ("reason" in place) {
        if (isNeeded) skipped.push(place);
        continue;
      }
      try {
        const state = await writeSidecar(place.path, packet, { isNeeded, isDryRun: request.isDryRun });
        if (state === "written") written.push(place.path);
        if (state === "unchanged") unchanged += 1;
        if (state === "foreign") skipped.push({ path: place.path, reason: "another program wrote it" });
      } catch (error) {
        skipped.push({ path: place.path, reason: toAppError(error).message });
      }
    }
  }
  return { written, unchanged, skipped };
}

function hasSomethingToSay(detail: Pick<AssetDetail, "annotation"> | null): boolean {
  return detail !== null && (detail.annotation.tags.length > 0 || detail.annotation.rating !== null || detail.annotation.flag !== null);
}

type Place = { readonly path: string } | { readonly path: string; readonly reason: string };

/** Where the sidecar of a file goes, or why nowhere. */
function placeOf(
  { path, rootId }: AssetDetail["files"][number],
  { roots, folder }: { readonly roots: readonly LibraryRoot[]; readonly folder: string | null },
): Place {
  const root = roots.find((each) => each.id === rootId);
  if (root === undefined) return { path, reason: "its folder was removed from the library" };
  if (folder !== null) return { path: join(folder, folderNameOf(root, roots), sidecarPath(relative(root.path, path))) };
  if (root.isSample) return { path, reason: "it belongs to the sample library, which is part of the program" };
  return root.isAvailable ? { path: sidecarPath(path) } : { path, reason: "its drive is not there" };
}

/** The root's name, with a number from the second root of that name on. */
function folderNameOf(root: LibraryRoot, roots: readonly LibraryRoot[]): string {
  const named = roots.filter(({ name }) => name.toLowerCase() === root.name.toLowerCase());
  const place = named.indexOf(root);
  return place === 0 ? root.name : `${root.name} (${place + 1})`;
}
