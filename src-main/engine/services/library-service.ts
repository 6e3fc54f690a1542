/** @file Roots, pages and details of a library, and what the window's frame shows about it. */
import { existsSync } from "node:fs";
import { readdir, readFile, realpath } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import type { z } from "zod";
import type { assetPageSchema, systemStatusSchema } from "#shared/contract/engine-contract";
import { appError } from "#shared/domain/app-error";
import type { AssetDetail, AssetId, AssetSummary } from "#shared/domain/asset";
import type { RawMetadataEntry } from "#shared/domain/asset-metadata";
import type { LibraryRoot, RootId, RootPlace } from "#shared/domain/library";
import { readImageHeader } from "../../data/imaging/header";
import { hashFile } from "../../data/library/asset-hash";
import type { AssetPageRequest, Store } from "../../data/store/store-types";
import { networkRequestCount } from "../../platform/network-guard";
import { resourcesPath } from "../../platform/paths";
import type { InferenceService } from "../inference/inference-service";
import { programVersion } from "../version";
import { unreadableFolder } from "./folder-listing";
import { checkFolder, findPlaces, isPlaceOf } from "./root-places";

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
  /**
   * Says that a root's folder is `path` now. Its files keep ids, measurements and everything a person said about them.
   * @throws root/not-found when the folder cannot be read or fewer than half of the files looked for are in it; root/overlaps
   */
  relocateRoot(rootId: RootId, path: string): Promise<RootPlace & { readonly root: LibraryRoot }>;
  /** Where a root that is not there may be now. @throws root/not-found */
  placesOf(rootId: RootId): Promise<readonly RootPlace[]>;
  page(request: AssetPageRequest): Promise<AssetPage>;
  detail(assetId: AssetId): Promise<AssetDetail>;
  /** What the file says about itself, as it stands there. */
  rawMetadata(assetId: AssetId): Promise<readonly RawMetadataEntry[]>;
  /** The picture of the library that a file holds, or held when its drive was there. Throws asset/not-found, image/... */
  assetIdOf(path: string): Promise<AssetId>;
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

  async function knownRoot(rootId: RootId): Promise<LibraryRoot> {
    const root = (await store.roots.list()).find((other) => other.id === rootId);
    if (root === undefined)
      throw appError("root/not-found", `There is no root ${rootId} in the library.`, { hint: "See `semblance index list`." });
    return root;
  }

  async function outsidePicture(bytes: Uint8Array, givenAs?: string): Promise<AssetSummary> {
    const id = await store.outside.put(bytes, givenAs);
    const known = store.assets.summary(id);
    if (known !== null) return known;
    const path = await store.outside.path(id);
    if (path === null) throw appError("image/unreadable", "The picture could not be kept in the library.");
    const { width, height, format } = await readImageHeader(path);
    return { id, name: "From outside the library", width, height, format, isMissing: false, isMeasured: false, rating: null, flag: null };
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
    async relocateRoot(rootId, path) {
      const root = await knownRoot(rootId);
      const folder = await existingFolder(resolve(path));
      const { missing, ...place } = await checkFolder(root, store.files.byRoot(rootId), folder);
      if (!isPlaceOf(place))
        throw appError(
          "root/not-found",
          `${folder} holds ${place.found} of the ${place.checked} files of ${root.path} that were looked for, so it is not its new place.`,
          {
            hint:
              missing === null ? "Name the folder that holds them." : `Name the folder below which ${relative(root.path, missing)} lies.`,
          },
        );
      return { ...place, root: await store.roots.relocate(rootId, folder) };
    },
    async placesOf(rootId) {
      const root = await knownRoot(rootId);
      return root.isAvailable ? [] : findPlaces(root, store.files.byRoot(rootId));
    },
    async page(request) {
      if ((request.where ?? null) !== null || request.sort === "taken") await store.assets.described();
      return store.assets.page(request);
    },
    async detail(assetId) {
      const detail = store.assets.get(assetId);
      if (detail === null)
        throw appError("asset/not-found", "This picture is no longer in the library.", { hint: "Scan the library again." });
      return { ...detail, metadata: await store.metadata.read(assetId) };
    },
    async rawMetadata(assetId) {
      return Object.entries((await store.metadata.raw(assetId)) ?? {}).map(([name, text]) => ({ name, text }));
    },
    async assetIdOf(path) {
      const file = resolve(path);
      const known = store.files.get(file);
      const isHere = existsSync(file);
      const id = isHere || known === null ? await hashFile(file) : known.assetId;
      if (id !== null && store.assets.has(id)) return id;
      throw appError("asset/not-found", `${file} is not a picture of the library.`, {
        hint: "Add its folder with `semblance index add DIR`, or measure what is new with `semblance index run`.",
      });
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
