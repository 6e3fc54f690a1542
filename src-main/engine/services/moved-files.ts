/**
 * @file Files that moved, told without reading them.
 *
 * [Note: Moved without a look] A picture is its bytes, and a hash of them is the truth. A newcomer is taken for a file that vanished only where that is as sure
 * as taking an untouched file for unchanged: same size, same modification time to the microsecond and same name, with no second newcomer or
 * vanished file like it, and a time that is not a whole second (archives, cameras and old drives round it, so that many files share one). All others are hashed.
 */
import { basename } from "node:path";
import type { AssetId } from "#shared/domain/asset";
import type { FileRecord } from "../../data/store/store-types";
import type { ChangedFile } from "./index-plan";

/** A known picture under a new path. */
export interface MovedFile extends ChangedFile {
  readonly assetId: AssetId;
}

interface Trait {
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

const traitOf = ({ path, sizeBytes, mtimeMs }: Trait): string | null =>
  mtimeMs % 1_000 === 0 ? null : `${sizeBytes} ${mtimeMs} ${basename(path)}`;

/** Items by trait; null where several share it. */
function byTrait<Item>(items: Iterable<Item>, trait: (item: Item) => string | null): ReadonlyMap<string, Item | null> {
  const found = new Map<string, Item | null>();
  for (const item of items) {
    const key = trait(item);
    if (key !== null) found.set(key, found.has(key) ? null : item);
  }
  return found;
}

/** Splits newcomers into those that are vanished files elsewhere and those whose bytes must be looked at. */
export function splitMoved(
  changed: readonly ChangedFile[],
  vanished: readonly FileRecord[],
): { readonly moved: readonly MovedFile[]; readonly changed: readonly ChangedFile[] } {
  const known = byTrait(vanished, traitOf);
  if (known.size === 0) return { moved: [], changed };
  const newcomers = byTrait(changed, ({ file }) => traitOf(file));
  const moved: MovedFile[] = [];
  const rest = changed.filter((item) => {
    const trait = traitOf(item.file);
    const isAlone = trait !== null && newcomers.get(trait) === item;
    const assetId = isAlone ? (known.get(trait)?.assetId ?? null) : null;
    if (assetId === null) return true;
    moved.push({ ...item, assetId });
    return false;
  });
  return { moved, changed: rest };
}
