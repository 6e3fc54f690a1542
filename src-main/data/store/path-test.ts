/**
 * @file Whether the path of a file lies in a folder and holds words.
 *
 * Most files share their folder with many: what a folder decides for all of them is found out once, and only names are looked at one by one.
 */
import { basename, sep } from "node:path";
import { foldText } from "./natural-key";
import type { PathNumbers } from "./path-numbers";

/** True when `path` is `folder` or lies below it. Both absolute and normalised. */
export function isInFolder(path: string, folder: string): boolean {
  if (!path.startsWith(folder)) return false;
  return path.length === folder.length || folder.endsWith(sep) || path.startsWith(sep, folder.length);
}

/** Remembers what a folder decides, by its number. */
function byFolder<Decision>(paths: PathNumbers, decide: (folder: string) => Decision): (file: number) => Decision {
  const decisions = Array.from<Decision | undefined>({ length: paths.folderCount });
  return (file) => {
    const folder = paths.folderOf(file);
    return (decisions[folder] ??= decide(paths.folderText(folder)));
  };
}

/** Tests files by number: do they lie in `folder` or below it? A file lies in itself. */
export function folderTest(paths: PathNumbers, folder: string): (file: number) => boolean {
  const itself = paths.numberOf(folder);
  const isBelow = byFolder(paths, (text) => isInFolder(text, folder));
  return (file) => isBelow(file) || file === itself;
}

/**
 * Tests files by number: do all of `words` (folded, none empty) occur in the path from the root's own name on, so that the name of somebody's
 * home folder does not match every picture?
 */
export function wordsTest(paths: PathNumbers, rootPaths: readonly string[], words: readonly string[]): (file: number) => boolean {
  const leftIn = byFolder(paths, (folder) => {
    const root = rootPaths.find((path) => isInFolder(folder, path)) ?? "";
    const text = foldText(basename(root) + folder.slice(root.length));
    // A word across the separator begins in the folder and ends in the name.
    return { text, words: words.filter((word) => !text.includes(word)) };
  });
  return (file) => {
    const left = leftIn(file);
    if (left.words.length === 0) return true;
    const name = foldText(paths.nameAt(file));
    return left.words.every((word) => (word.includes(sep) ? (left.text + name).includes(word) : name.includes(word)));
  };
}
