/** @file Pairs of pictures that a person said are no duplicates, by their content: they stay apart wherever their files go. */
import { join } from "node:path";
import { z } from "zod";
import { type AssetId, assetIdSchema } from "#shared/domain/asset";
import { openJsonDocument } from "./json-document";
import type { DuplicateDecisions } from "./store-types";
import type { Writer } from "./writer";

type Pair = readonly [AssetId, AssetId];
const pairsSchema: z.ZodType<readonly Pair[]> = z.array(z.tuple([assetIdSchema, assetIdSchema]));

/** Opens the list of pairs. @throws library/corrupt */
export async function openDuplicateDecisions(libraryPath: string, writer: Writer): Promise<DuplicateDecisions> {
  const document = await openJsonDocument({
    path: join(libraryPath, "kept-apart.json"),
    libraryPath,
    schema: pairsSchema,
    initial: [],
  });
  let partners = partnersOf(document.read());

  /** Pairs that are in the list beforehand, and those of `ids`. */
  const change = (ids: readonly AssetId[], next: (kept: readonly Pair[], chosen: readonly Pair[]) => readonly Pair[]): Promise<void> =>
    writer.write(async () => {
      const chosen = pairsOf(ids);
      const names = new Set(chosen.map(nameOf));
      const kept = document.read().filter((pair) => !names.has(nameOf(pair)));
      await document.replace(next(kept, chosen));
      partners = partnersOf(document.read());
    });

  return {
    apartFrom: (id) => partners.get(id) ?? nobody,
    keepApart: (ids) => change(ids, (kept, chosen) => [...kept, ...chosen]),
    undoKeepApart: (ids) => change(ids, (kept) => kept),
  };
}

const nobody: ReadonlySet<AssetId> = new Set();

const nameOf = ([a, b]: Pair): string => `${a} ${b}`;

/** Every two of `ids`, the smaller id first. */
function pairsOf(ids: readonly AssetId[]): readonly Pair[] {
  const sorted = [...new Set(ids)].sort();
  return sorted.flatMap((a, index) => sorted.slice(index + 1).map((b): Pair => [a, b]));
}

function partnersOf(pairs: readonly Pair[]): ReadonlyMap<AssetId, ReadonlySet<AssetId>> {
  const partners = new Map<AssetId, Set<AssetId>>();
  const add = (id: AssetId, other: AssetId): void => void partners.set(id, (partners.get(id) ?? new Set()).add(other));
  for (const [a, b] of pairs) {
    add(a, b);
    add(b, a);
  }
  return partners;
}
