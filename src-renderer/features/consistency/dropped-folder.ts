/** @file The pictures that lie directly in a dropped folder. */
import { imageFiles } from "../../lib/outside-image";

const byName = new Intl.Collator("en", { numeric: true });

/** In the order of their names. Folders below are left out, as their names would not tell what belongs together. */
export async function imagesInFolder(folder: FileSystemDirectoryEntry): Promise<readonly File[]> {
  const reader = folder.createReader();
  const files: File[] = [];
  // A reader gives its entries in parts, and an empty one at the end.
  for (let entries = await readEntries(reader); entries.length > 0; entries = await readEntries(reader)) {
    for (const entry of entries) if (entry.isFile) files.push(await fileOf(entry as FileSystemFileEntry));
  }
  return imageFiles(files).toSorted((one, other) => byName.compare(one.name, other.name));
}

function readEntries(reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}
