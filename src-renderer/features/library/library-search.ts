/** @file What the Library shows, as it stands in the address. */
import { z } from "zod";
import { assetSortSchema } from "#shared/domain/library";

/** `folder` is a path and what lies below it; `text` filters by file name, `where` is a filter of docs/filter-expressions.md. What cannot be read is left out. */
export const librarySearchSchema = z.object({
  folder: z.coerce.string().optional().catch(undefined),
  text: z.coerce.string().optional().catch(undefined),
  where: z.coerce.string().optional().catch(undefined),
  sort: assetSortSchema.optional().catch(undefined),
});
export type LibrarySearch = z.infer<typeof librarySearchSchema>;
