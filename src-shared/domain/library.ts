/** @file The library: roots that are indexed in place, and what happened to their files. */
import { z } from "zod";
import type { BrandedId } from "../lib/branded-id";
import { appErrorCodeSchema } from "./app-error";
import { metricNameSchema } from "./feature-recipe";

export type RootId = BrandedId<"RootId">;
export const rootIdSchema = z.string().transform((id) => id as RootId);

/** A folder the person added. `isAvailable` is false while its drive is not there; its index is kept. */
export const libraryRootSchema = z.object({
  id: rootIdSchema,
  path: z.string(),
  name: z.string(),
  isSample: z.boolean(),
  /** Whether changes below it are taken up by themselves, where a host stays to see them. */
  isWatched: z.boolean(),
  isAvailable: z.boolean(),
  fileCount: z.number().int().nonnegative(),
});
export type LibraryRoot = Readonly<z.infer<typeof libraryRootSchema>>;

/** How changes below a root are noticed just now, and the sentence why where it is not by the system's events. */
export const watchStateSchema = z.object({
  mode: z.enum(["watching", "polling", "off", "failed"]),
  note: z.string().nullable(),
});
export type WatchState = Readonly<z.infer<typeof watchStateSchema>>;

/** A root as a view shows it. */
export const watchedRootSchema = libraryRootSchema.extend({ watch: watchStateSchema });
export type WatchedRoot = Readonly<z.infer<typeof watchedRootSchema>>;

/** A folder that may be where a root went: how many of the files that were looked for are there, by size and content. */
export const rootPlaceSchema = z.object({
  path: z.string(),
  found: z.number().int().nonnegative(),
  checked: z.number().int().nonnegative(),
});
export type RootPlace = Readonly<z.infer<typeof rootPlaceSchema>>;

/** A folder of the tree; `count` includes sub-folders. `depth` 0 is the root itself. */
export const libraryFolderSchema = z.object({
  rootId: rootIdSchema,
  path: z.string(),
  name: z.string(),
  depth: z.number().int().nonnegative(),
  count: z.number().int().nonnegative(),
});
export type LibraryFolder = Readonly<z.infer<typeof libraryFolderSchema>>;

/** A file that was skipped, with one sentence why. */
export const fileIssueSchema = z.object({
  path: z.string(),
  rootId: rootIdSchema,
  code: appErrorCodeSchema,
  message: z.string(),
});
export type FileIssue = Readonly<z.infer<typeof fileIssueSchema>>;

/** How far one recipe has come over the library. */
export const recipeProgressSchema = z.object({
  recipeId: z.string(),
  metric: metricNameSchema,
  name: z.string(),
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
});
export type RecipeProgress = Readonly<z.infer<typeof recipeProgressSchema>>;

export const assetSortSchema = z.enum(["newest", "oldest", "name", "folder", "rating", "largest", "taken"]);
export type AssetSort = z.infer<typeof assetSortSchema>;
