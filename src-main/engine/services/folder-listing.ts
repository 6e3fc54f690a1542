/** @file Folders of this machine for the served folder picker: names of directories only, nothing of their content. */
import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, extname, join, resolve } from "node:path";
import type { z } from "zod";
import type { folderListingSchema } from "#shared/contract/engine-contract";
import { appError } from "#shared/domain/app-error";

export type FolderListing = z.infer<typeof folderListingSchema>;
type Place = FolderListing["places"][number];

const imageExtensions: ReadonlySet<string> = new Set([".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff", ".bmp", ".avif"]);

/** Lists the folders below `path` (the home folder for null). Hidden ones are left out. */
export async function listFolder(path: string | null): Promise<FolderListing> {
  const folder = resolve(path ?? homedir());
  const entries = await readEntries(folder);
  const folders: { name: string; path: string }[] = [];
  let imageCount = 0;
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    const entryPath = join(folder, entry.name);
    if (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(entryPath)))) folders.push({ name: entry.name, path: entryPath });
    else if (imageExtensions.has(extname(entry.name).toLowerCase())) imageCount += 1;
  }
  folders.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true, sensitivity: "base" }));
  const parent = dirname(folder);
  return { path: folder, parent: parent === folder ? null : parent, entries: folders, imageCount, places: await listPlaces() };
}

async function readEntries(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadableFolder(folder, error);
  }
}

/** The sentence for a folder that cannot be listed. */
export function unreadableFolder(folder: string, cause: unknown): Error {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === "ENOENT")
    return appError("root/not-found", `The folder ${folder} does not exist.`, { hint: "Check the path, or plug in its drive.", cause });
  if (code === "ENOTDIR")
    return appError("root/not-found", `${folder} is a file, not a folder.`, { hint: "Choose the folder it lies in.", cause });
  if (code === "EACCES" || code === "EPERM") {
    return appError("root/not-found", `You may not look into the folder ${folder}.`, {
      hint: "Ask for permission to read it, or choose another folder.",
      cause,
    });
  }
  return appError("root/not-found", `The folder ${folder} could not be read (${code ?? String(cause)}).`, {
    hint: "Check the drive it lies on.",
    cause,
  });
}

async function isFolder(path: string): Promise<boolean> {
  // A link to nowhere is no folder; nothing else needs to be said about it here.
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Where people keep pictures: home, its picture folder, and mounted volumes or drives. */
export async function listPlaces(): Promise<Place[]> {
  const home = homedir();
  const candidates: Place[] = [
    { name: "Home", path: home },
    { name: "Pictures", path: join(home, "Pictures") },
    { name: "Desktop", path: join(home, "Desktop") },
    ...(await listVolumes()),
  ];
  const present = await Promise.all(candidates.map((place) => isFolder(place.path)));
  return candidates.filter((_, index) => present[index] === true);
}

async function listVolumes(): Promise<Place[]> {
  if (process.platform === "win32")
    return "CDEFGHIJKLMNOPQRSTUVWXYZAB".split("").map((letter) => ({ name: `${letter}:`, path: `${letter}:\\` }));
  const user = basename(homedir());
  const parents = process.platform === "darwin" ? ["/Volumes"] : [`/media/${user}`, `/run/media/${user}`, "/mnt"];
  const volumes = await Promise.all(
    parents.map(async (parent) => (await namesIn(parent)).map((name) => ({ name, path: join(parent, name) }))),
  );
  return [{ name: "Computer", path: "/" }, ...volumes.flat()];
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).then(
    (names) => names.filter((name) => !name.startsWith(".")),
    () => [],
  );
}
