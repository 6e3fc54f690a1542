/** @file Pictures that were dropped in from outside the library as a question. */
import { access, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { AssetId } from "#shared/domain/asset";
import { writeFileAtomic } from "../../platform/atomic-file";
import { hashBytes } from "../library/asset-hash";
import { contentPath, listNames } from "./content-path";
import type { OutsideImages } from "./store-types";

const extension = ".picture";
/** More than anybody asks with in a session. */
const keptPictures = 200;

/** Opens the pictures kept in `folder`, which is the library's or, for a read-only store, a temporary one. */
export function createOutsideImages(folder: string, kept: number = keptPictures): OutsideImages {
  const drop = async () => {
    const paths: string[] = [];
    for (const shard of await listNames(folder)) {
      for (const name of await listNames(join(folder, shard))) paths.push(join(folder, shard, name));
    }
    if (paths.length <= kept) return;
    const aged = await Promise.all(paths.map(async (path) => ({ path, mtimeMs: (await stat(path)).mtimeMs })));
    aged.sort((a, b) => b.mtimeMs - a.mtimeMs);
    for (const { path } of aged.slice(kept)) await rm(path, { force: true });
  };
  const names = new Map<AssetId, string>();
  return {
    nameOf: (assetId) => names.get(assetId) ?? "The picture from outside the library",
    async put(bytes, name) {
      const id = hashBytes(bytes);
      if (name !== undefined) names.set(id, name);
      const path = contentPath(folder, id, extension);
      const now = new Date();
      await utimes(path, now, now).catch(() => writeFileAtomic(path, bytes));
      await drop();
      return id;
    },
    async path(assetId) {
      const path = contentPath(folder, assetId, extension);
      return access(path).then(
        () => path,
        () => null,
      );
    },
  };
}
