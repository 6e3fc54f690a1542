/**
 * @file What a person decided about candidates: one file for each set of references, named by the hash of their ids, so that a decision rewrites
 * little whatever was decided before. Verdicts outlive their pictures: files that come back find theirs again.
 */
import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { AssetId } from "#shared/domain/asset";
import { type KeptVerdict, type Verdict, type VerdictSet, verdictSetSchema } from "#shared/domain/verdict";
import { listNames } from "./content-path";
import { type JsonDocument, openJsonDocument } from "./json-document";
import type { VerdictStore } from "./store-types";
import type { Writer } from "./writer";

const folderName = "verdicts";
const fileName = /^[0-9a-f]{16}\.json$/;

type Sets = Map<string, JsonDocument<VerdictSet>>;

/** Opens the verdicts; a library of an earlier version has none. @throws library/corrupt */
export async function openVerdictStore(libraryPath: string, writer: Writer): Promise<VerdictStore> {
  const folder = join(libraryPath, folderName);
  const sets: Sets = new Map();
  const pathOf = (name: string): string => join(folder, name);
  const open = (name: string, references: readonly AssetId[]): Promise<JsonDocument<VerdictSet>> =>
    openJsonDocument<VerdictSet>({
      path: pathOf(name),
      libraryPath,
      schema: verdictSetSchema,
      initial: { references: [...references], verdicts: [] },
    });
  for (const name of await listNames(folder)) if (fileName.test(name)) sets.set(name, await open(name, []));

  /** Runs inside the writer's queue. */
  async function write(references: readonly AssetId[], change: (verdicts: Map<AssetId, KeptVerdict>) => void): Promise<void> {
    const name = nameOf(references);
    const document = sets.get(name) ?? (await open(name, [...new Set(references)]));
    const set = document.read();
    const verdicts = new Map(set.verdicts.map((verdict) => [verdict.assetId, verdict]));
    change(verdicts);
    if (verdicts.size === 0) return remove(name);
    await document.replace({ ...set, verdicts: [...verdicts.values()] });
    sets.set(name, document);
  }

  async function remove(name: string): Promise<void> {
    await rm(pathOf(name), { force: true });
    sets.delete(name);
  }

  const sharing = (references: readonly AssetId[]): readonly [string, VerdictSet][] => {
    const asked = new Set(references);
    const all = [...sets].map(([name, document]): [string, VerdictSet] => [name, document.read()]);
    return all.filter(([, set]) => set.references.some((id) => asked.has(id)));
  };

  return {
    sets: () => [...sets.values()].map((document) => document.read()),
    holding: (references) => holdingOf(sharing(references).map(([, set]) => set)),
    decide: ({ references, assetIds, verdict, measures }) =>
      writer.write(async () => {
        const name = nameOf(references);
        const known = new Map(
          sets
            .get(name)
            ?.read()
            .verdicts.map((each) => [each.assetId, each]),
        );
        const elsewhere = new Set(sharing(references).flatMap(([other, set]) => (other === name ? [] : set.verdicts.map(assetIdOf))));
        const ids = [...new Set(assetIds)];
        const atMs = nextMs(sets);
        await write(references, (verdicts) => {
          for (const assetId of ids) {
            // Taking back is kept only where something else would hold instead.
            if (verdict === null && !elsewhere.has(assetId)) verdicts.delete(assetId);
            else verdicts.set(assetId, { assetId, verdict, measures, atMs });
          }
        });
        return { references, verdicts: ids.flatMap((id) => known.get(id) ?? []), absent: ids.filter((id) => !known.has(id)) };
      }),
    restore: ({ references, verdicts: earlier, absent }) =>
      writer.write(() =>
        write(references, (verdicts) => {
          for (const verdict of earlier) verdicts.set(verdict.assetId, verdict);
          for (const id of absent) verdicts.delete(id);
        }),
      ),
    clear: (references) =>
      writer.write(async () => {
        const chosen = references === null ? [...sets.keys()] : sharing(references).map(([name]) => name);
        for (const name of chosen) await remove(name);
      }),
  };
}

const assetIdOf = ({ assetId }: KeptVerdict): AssetId => assetId;

/** Of the verdicts about each picture the newest, where it does not take back. */
function holdingOf(sets: readonly VerdictSet[]): ReadonlyMap<AssetId, Verdict> {
  const newest = new Map<AssetId, KeptVerdict>();
  for (const { verdicts } of sets)
    for (const verdict of verdicts)
      if (verdict.atMs > (newest.get(verdict.assetId)?.atMs ?? -Infinity)) newest.set(verdict.assetId, verdict);
  return new Map([...newest].filter((entry): entry is [AssetId, Verdict] => entry[1].verdict !== null));
}

/** A clock that was set back must not let an older verdict hold. */
function nextMs(sets: Sets): number {
  let last = -Infinity;
  for (const document of sets.values()) for (const { atMs } of document.read().verdicts) last = Math.max(last, atMs);
  return Math.max(Date.now(), last + 1);
}

/** The same for the same pictures, whatever their order. */
function nameOf(references: readonly AssetId[]): string {
  const ids = [...new Set(references)].sort().join(" ");
  return `${createHash("sha256").update(ids).digest("hex").slice(0, 16)}.json`;
}
