/** @file Roots, pages and details of a library, and what the window's frame shows about it. */
import { readdir, readFile, realpath } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { z } from "zod";
import type { assetPageSchema, systemStatusSchema } from "#shared/contract/engine-contract";
import { appError } from "#shared/domain/app-error";
import type { AssetDetail, AssetId, AssetSummary } from "#shared/domain/asset";
import type { RawMetadataEntry } from "#shared/domain/asset-metadata";
import type { LibraryRoot, RootId } from "#shared/domain/library";
import { readImageHeader } from "../../data/imaging/header";
import { hashFile } from "../../data/library/asset-hash";
import type { AssetPageRequest, Store } from "../../data/store/store-types";
import { networkRequestCount } from "../../platform/network-guard";
import { resourcesPath } from "../../platform/paths";
import type { InferenceService } from "../inference/inference-service";
import { programVersion } from "../version";
import { unreadableFolder } from "./folder-listing";

export type SystemStatus = z.infer<typeof systemStatusSchema>;
export type AssetPage = z.infer<typeof assetPageSchema>;

/** Folder of the pictures that ship with the program. */
export function samplePath(): string {
  return join(resourcesPath(), "sample-library");
}

export interface LibraryService {
  status(): Promise<SystemStatus>;
  /** Adds folders in place. Throws root/not-found, root/overlaps; nothing is added when one of them is refused. */
  addRoots(paths: readonly string[]): Promise<readonly LibraryRoot[]>;
  addSample(): Promise<readonly LibraryRoot[]>;
  removeRoot(rootId: RootId): Promise<{ readonly removedFiles: number }>;
  page(request: AssetPageRequest): AssetPage;
  detail(assetId: AssetId): Promise<AssetDetail>;
  /** What the file says about itself, as it stands there. */
  rawMetadata(assetId: AssetId): Promise<readonly RawMetadataEntry[]>;
  /** A picture of the library by its file, or a picture from outside, which is kept for as long as it is among the newest. Throws image/... */
  picture(path: string): Promise<AssetSummary>;
  /** The same for bytes. */
  pictureOfBytes(bytes: Uint8Array): Promise<AssetSummary>;
}

export interface LibraryParts {
  readonly store: Store;
  readonly inference: InferenceService;
}

/** Creates the service over one library. */
export function createLibraryService({ store, inference }: LibraryParts): LibraryService {
  async function addRoots(paths: readonly string[], isSample: boolean): Promise<readonly LibraryRoot[]> {
    const folders: string[] = [];
    for (const path of paths) folders.push(await existingFolder(resolve(path)));
    const added: LibraryRoot[] = [];
    try {
      for (const folder of folders) added.push(await store.roots.add(folder, { isSample }));
    } catch (error) {
      for (const root of added) await store.roots.remove(root.id);
      throw error;
    }
    return added;
  }

  async function outsidePicture(bytes: Uint8Array, givenAs?: string): Promise<AssetSummary> {
    const id = await store.outside.put(bytes, givenAs);
    const known = store.assets.summary(id);
    if (known !== null) return known;
    const path = await store.outside.path(id);
    if (path === null) throw appError("image/unreadable", "The picture could not be kept in the library.");
    const { width, height, format } = await readImageHeader(path);
    return { id, name: "From outside the library", width, height, format, isMissing: false, isMeasured: false };
  }

  return {
    async status() {
      const [roots, device, imageCount] = await Promise.all([store.roots.list(), inference.device(), countSamples()]);
      return {
        version: programVersion,
        platform: process.platform,
        libraryPath: store.libraryPath,
        isReadOnly: store.isReadOnly,
        isFirstRun: roots.length === 0,
        assetCount: store.assets.count(),
        issueCount: store.issues.count(),
        sample: { isAvailable: imageCount > 0, isAdded: roots.some((root) => root.isSample), imageCount },
        device,
        networkRequests: networkRequestCount(),
      };
    },
    addRoots: (paths) => addRoots(paths, false),
    async addSample() {
      const here = await realpath(samplePath());
      const samples = (await store.roots.list()).filter((root) => root.isSample);
      // The program may have moved since, and its sample library with it.
      for (const root of samples) if (root.path !== here) await store.roots.remove(root.id);
      const earlier = samples.filter((root) => root.path === here);
      return earlier.length > 0 ? earlier : addRoots([here], true);
    },
    removeRoot: (rootId) => store.roots.remove(rootId),
    page: (request) => store.assets.page(request),
    async detail(assetId) {
      const detail = store.assets.get(assetId);
      if (detail === null)
        throw appError("asset/not-found", "This picture is no longer in the library.", { hint: "Scan the library again." });
      return { ...detail, metadata: await store.metadata.read(assetId) };
    },
    async rawMetadata(assetId) {
      return Object.entries((await store.metadata.raw(assetId)) ?? {}).map(([name, text]) => ({ name, text }));
    },
    async picture(path) {
      const file = resolve(path);
      // Says what is wrong with a path that is no picture.
      await readImageHeader(file);
      const known = store.assets.summary(await hashFile(file));
      if (known !== null) return known;
      return { ...(await outsidePicture(await readFile(file), file)), name: basename(path) };
    },
    pictureOfBytes: (bytes) => outsidePicture(bytes),
  };
}

async function existingFolder(path: string): Promise<string> {
  try {
    await readdir(path);
    return await realpath(path);
  } catch (error) {
    throw unreadableFolder(path, error);
  }
}

async function countSamples(): Promise<number> {
  const names = await readdir(samplePath()).catch(() => []);
  return names.filter((name) => name.endsWith(".webp")).length;
}
