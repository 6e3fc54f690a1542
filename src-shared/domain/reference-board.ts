/** @file A board: references that belong together, kept under a name to check against again. */
import { z } from "zod";
import type { BrandedId } from "../lib/branded-id";
import { assetIdSchema } from "./asset";

export type BoardId = BrandedId<"BoardId">;
export const boardIdSchema = z.string().transform((id) => id as BoardId);

export const referenceBoardSchema = z.object({
  id: boardIdSchema,
  name: z.string().trim().min(1).max(120),
  references: z.array(assetIdSchema).min(1).max(200),
});
export type ReferenceBoard = Readonly<z.infer<typeof referenceBoardSchema>>;

/** A board to keep; with an id it takes the place of that board. */
export const boardToKeepSchema = referenceBoardSchema.extend({ id: boardIdSchema.nullable() });
export type BoardToKeep = Readonly<z.infer<typeof boardToKeepSchema>>;
