/** @file Where content-addressed files lie: spread over 256 folders by the first two digits of their id. */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { AssetId } from "#shared/domain/asset";
import { temporarySuffix } from "../../platform/atomic-file";
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

export interface ContentFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

/** Every file below a folder; what vanishes meanwhile is left out. */
export async function* walkFiles(folder: string): AsyncGenerator<ContentFile> {
  const pending = [folder];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    for (const entry of await listEntries(current)) {
      const path = join(current, entry.name);
      if (entry.isDirectory()) {
        pending.push(path);
        continue;
      }
      const stats = await stat(path).catch(() => null);
      if (stats !== null) yield { path, sizeBytes: stats.size, mtimeMs: stats.mtimeMs };
    }
  }
}

async function listEntries(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

/** A write lasts moments; a temporary file this old was left by a process that was killed. */
const staleMs = 3_600_000;

/** Removes what killed processes left half written below a folder. */
export async function removeStaleTemporaryFiles(folder: string, now: number = Date.now()): Promise<void> {
  for await (const file of walkFiles(folder)) {
    if (file.path.endsWith(temporarySuffix) && now - file.mtimeMs > staleMs) await rm(file.path, { force: true });
  }
}
