/** @file Where content-addressed files lie: spread over 256 folders by the first two digits of their id. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { AssetId } from "#shared/domain/asset";
import { isNotFound } from "../../platform/disk-error";

/** `<folder>/<first two digits>/<id><extension>` */
export function contentPath(folder: string, id: AssetId, extension: string): string {
  return join(folder, id.slice(0, 2), `${id}${extension}`);
}

/** Names of the entries of a folder; none when the folder is not there. */
export async function listNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

/** Removes the file of each id from each folder; those that are not there are fine. */
export async function removeContent(folders: readonly string[], ids: Iterable<AssetId>, extension: string): Promise<void> {
  for (const id of ids) {
    for (const folder of folders) await rm(contentPath(folder, id, extension), { force: true });
  }
}
