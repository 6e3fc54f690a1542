/** @file Lists of pictures in an address: short ones as they are, long ones kept by this window for as long as it is open. */
import { type AssetId, assetIdSchema } from "#shared/domain/asset";

/** Longer lists would make addresses that nobody can pass on. */
const mostInAddress = 60;
const keptPrefix = "kept:";
const storageKey = (name: string): string => `semblance.pictures.${name}`;

/** What stands for the list in the address. */
export function writeIds(ids: readonly AssetId[]): string {
  const text = ids.join(",");
  if (ids.length <= mostInAddress) return text;
  const name = nameOf(text);
  try {
    sessionStorage.setItem(storageKey(name), text);
    return `${keptPrefix}${name}`;
  } catch {
    // The window keeps no more: the address takes it all.
    return text;
  }
}

/** The list an address stands for; what is no id is left out, and a list that is not kept any more is empty. */
export function readIds(text: string): readonly AssetId[] {
  const list = text.startsWith(keptPrefix) ? (sessionStorage.getItem(storageKey(text.slice(keptPrefix.length))) ?? "") : text;
  const ids = list.split(",").flatMap((id) => assetIdSchema.safeParse(id).data ?? []);
  return [...new Set(ids)];
}

/** The same name for the same list: FNV-1a over its characters, 32 bits twice from both ends. */
function nameOf(text: string): string {
  const hash = (characters: Iterable<string>): string => {
    let value = 0x811c9dc5;
    for (const character of characters) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
    return (value >>> 0).toString(16).padStart(8, "0");
  };
  return `${hash(text)}${hash([...text].reverse())}`;
}
