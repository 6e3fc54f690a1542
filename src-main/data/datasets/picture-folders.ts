/** @file Folders of a dataset as they lie on disk, always in the same order: systems list them as they like, and draws depend on it. */
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { type AppError, appError } from "#shared/domain/app-error";
import { isNotFound } from "../../platform/disk-error";
import { readFailure } from "../library/asset-hash";
import { fileKindOf, isHidden, isSystemFolder } from "../library/file-kinds";

/** A folder; `path` is relative to the dataset with forward slashes, "" for the dataset itself. Names are sorted by their code units. */
export interface PictureFolder {
  readonly path: string;
  readonly folders: readonly string[];
  /** Files whose ending is that of a picture we decode. */
  readonly pictures: readonly string[];
}

/** The path of `name` in a folder of the dataset. */
export function inFolder(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** A file name without its ending. */
export function stemOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf(".")) || name.length);
}

/** Why a part of a dataset cannot be opened, as the end of a sentence. */
export function openFailure(error: unknown): string {
  return isNotFound(error) ? "it is not there" : readFailure(error);
}

/** What a dataset lacks, as a sentence. */
export function datasetError(message: string, hint: string, cause?: unknown): AppError {
  return appError("dataset/malformed", message, { hint, cause });
}

/** Lists one folder. Hidden files and those of the system are left out. Throws dataset/malformed when it cannot be listed. */
export async function listFolder(root: string, path = ""): Promise<PictureFolder> {
  const absolute = join(root, path);
  const entries = await readdir(absolute, { withFileTypes: true }).catch((cause: unknown) => {
    throw datasetError(`The folder ${absolute} cannot be opened: ${openFailure(cause)}.`, "Give the folder of the dataset.", cause);
  });
  const folders: string[] = [];
  const pictures: string[] = [];
  for (const entry of entries) {
    if (isHidden(entry.name)) continue;
    const kind = entry.isSymbolicLink() ? await stat(join(absolute, entry.name)).catch(() => null) : entry;
    if (kind?.isDirectory() === true && !isSystemFolder(entry.name)) folders.push(entry.name);
    if (kind?.isFile() === true && fileKindOf(entry.name).kind === "image") pictures.push(entry.name);
  }
  return { path, folders: folders.sort(), pictures: pictures.sort() };
}

/** Lists a folder and all below, parents first. A folder that is reached twice through links is listed once. */
export async function walkFolders(root: string, path = "", entered = new Set<string>()): Promise<readonly PictureFolder[]> {
  const real = await realpath(join(root, path)).catch(() => join(root, path));
  if (entered.has(real)) return [];
  entered.add(real);
  const folder = await listFolder(root, path);
  const found: PictureFolder[] = [folder];
  for (const name of folder.folders) found.push(...(await walkFolders(root, inFolder(path, name), entered)));
  return found;
}
