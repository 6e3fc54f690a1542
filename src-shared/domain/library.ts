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
  isAvailable: z.boolean(),
  fileCount: z.number().int().nonnegative(),
});
export type LibraryRoot = Readonly<z.infer<typeof libraryRootSchema>>;

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

export const assetSortSchema = z.enum(["newest", "oldest", "name", "folder"]);
export type AssetSort = z.infer<typeof assetSortSchema>;
