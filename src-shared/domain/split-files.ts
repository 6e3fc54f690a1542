/** @file What becomes of the files of a check: the accepted copied, the rejected moved, and either taken back. Nothing is ever overwritten. */
import { z } from "zod";
import { type BrandedId } from "../lib/branded-id";
import { assetIdSchema } from "./asset";

export type FileActId = BrandedId<"FileActId">;
export const fileActIdSchema = z
  .string()
  .min(1)
  .transform((id) => id as FileActId);

export const fileActKindSchema = z.enum(["copy", "move"]);
export type FileActKind = z.infer<typeof fileActKindSchema>;

/** A file whose bytes are those of the asset. */
export const splitFileSchema = z.object({ assetId: assetIdSchema, path: z.string() });
export type SplitFile = Readonly<z.infer<typeof splitFileSchema>>;

/** `isNumbered` gives a file whose name is taken the next free number, as in `name (2).png`. */
export const fileOrderSchema = z.object({
  kind: fileActKindSchema,
  files: z.array(splitFileSchema).min(1).max(20_000),
  folder: z.string().min(1),
  isNumbered: z.boolean(),
});
export type FileOrder = Readonly<z.infer<typeof fileOrderSchema>>;

export const fileStepSchema = z.object({ assetId: assetIdSchema, from: z.string(), to: z.string() });
export type FileStep = Readonly<z.infer<typeof fileStepSchema>>;

const reasonedSchema = z.object({ path: z.string(), reason: z.string() });

/**
 * What an order would do. `conflicts` are files whose name is taken in the folder: nothing is done while there are some. `present` lie there already,
 * byte for byte; `skipped` are gone, have changed, or may not be moved.
 */
export const filePlanSchema = z.object({
  kind: fileActKindSchema,
  folder: z.string(),
  steps: z.array(fileStepSchema),
  conflicts: z.array(reasonedSchema),
  present: z.array(z.string()),
  skipped: z.array(reasonedSchema),
});
export type FilePlan = Readonly<z.infer<typeof filePlanSchema>>;

/** What was done, as it is kept to be taken back; `madeFolder` is the topmost folder that was made for it. */
export const fileActSchema = z.object({
  id: fileActIdSchema,
  kind: fileActKindSchema,
  folder: z.string(),
  madeFolder: z.string().nullable(),
  steps: z.array(fileStepSchema),
  atMs: z.number(),
});
export type FileAct = Readonly<z.infer<typeof fileActSchema>>;

/** What was taken back; `left` are files that were not, and why. */
export const fileUndoSchema = z.object({
  kind: fileActKindSchema,
  folder: z.string(),
  undone: z.array(fileStepSchema),
  left: z.array(reasonedSchema),
});
export type FileUndo = Readonly<z.infer<typeof fileUndoSchema>>;
