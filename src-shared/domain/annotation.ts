/** @file What a person says about a picture. Kept in the library by the picture's content, never in its file. */
import { z } from "zod";

export const flagSchema = z.enum(["picked", "rejected"]);
export type Flag = z.infer<typeof flagSchema>;

/** A tag is shown as it was typed; two tags are the same when they differ in case or outer space only. */
export const tagSchema = z.string().trim().min(1).max(100);

/** `rating` is 1 to 5 stars. null: not rated, not flagged. */
export const annotationSchema = z.object({
  tags: z.array(tagSchema),
  rating: z.number().int().min(1).max(5).nullable(),
  flag: flagSchema.nullable(),
});
export type Annotation = Readonly<z.infer<typeof annotationSchema>>;
