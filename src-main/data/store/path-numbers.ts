/** @file Paths of files by number: each folder once, and of each file its name; see [Note: Small numbers for long keys]. */
import { sep } from "node:path";
import type { Utf8, Vector } from "./arrow";
import { HashSlots, mixed } from "./hash-slots";
import type { Numbering } from "./library-keys";
import { NumberColumn } from "./number-column";

/** A text with memory of its own: a piece that was cut from a longer one would keep all of it. */
function ownText(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export class PathNumbers implements Numbering {
  /** With the separator at their end, so that folder and name are the path. */
  readonly #folders: string[] = [];
  readonly #folderNumbers = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #folderOf = new NumberColumn(Uint32Array);
  readonly #slots = new HashSlots();

  get folderCount(): number {
    return this.#folders.length;
  }

  numberOf(path: string): number {
    const [folderText, name] = split(path);
    const folder = this.#folderNumbers.get(folderText);
    return folder === undefined ? -1 : this.#find(folder, name, hashOf(folder, name));
  }

  add(path: string): number {
    const [folderText, name] = split(path);
    const folder = this.#folderNumbers.get(folderText) ?? this.#addFolder(ownText(folderText));
    const hash = hashOf(folder, name);
    const known = this.#find(folder, name, hash);
    if (known >= 0) return known;
    const file = this.#names.push(ownText(name)) - 1;
    this.#folderOf.set(file, folder);
    this.#slots.add(hash, file);
    return file;
  }

  addColumn(column: Vector<Utf8>): Int32Array {
    return Int32Array.from(column, (path: string | null) => (path === null ? -1 : this.add(path)));
  }

  textAt(file: number): string {
    return this.folderText(this.folderOf(file)) + this.nameAt(file);
  }

  nameAt(file: number): string {
    return this.#names[file] ?? "";
  }

  /** Folders have numbers of their own. */
  folderOf(file: number): number {
    return this.#folderOf.get(file);
  }

  /** The path of a folder, with the separator at its end. */
  folderText(folder: number): string {
    return this.#folders[folder] ?? "";
  }

  /** Orders two files as their paths would be. */
  compare(a: number, b: number): number {
    const [folderA, folderB] = [this.folderOf(a), this.folderOf(b)];
    return folderA === folderB ? byText(this.nameAt(a), this.nameAt(b)) : byText(this.textAt(a), this.textAt(b));
  }

  #addFolder(text: string): number {
    const folder = this.#folders.push(text) - 1;
    this.#folderNumbers.set(text, folder);
    return folder;
  }

  #find(folder: number, name: string, hash: number): number {
    for (let slot = this.#slots.first(hash); slot >= 0; slot = this.#slots.next(slot, hash)) {
      const file = this.#slots.at(slot);
      if (this.#names[file] === name && this.#folderOf.get(file) === folder) return file;
    }
    return -1;
  }
}

function split(path: string): readonly [folder: string, name: string] {
  const end = path.lastIndexOf(sep) + 1;
  return [path.slice(0, end), path.slice(end)];
}

function hashOf(folder: number, name: string): number {
  let hash = mixed(folder + 1);
  for (let place = 0; place < name.length; place += 1) hash = Math.imul(hash ^ name.charCodeAt(place), 0x01000193);
  return mixed(hash);
}
