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

/** A picture that nobody said anything about. */
export const emptyAnnotation: Annotation = { tags: [], rating: null, flag: null };

/** What is to be said about a picture from now on; what is left out stays as it is. */
export const annotationChangeSchema = z.object({
  addTags: z.array(tagSchema).max(1000).optional(),
  removeTags: z.array(tagSchema).max(1000).optional(),
  rating: z.number().int().min(1).max(5).nullable().optional(),
  flag: flagSchema.nullable().optional(),
});
export type AnnotationChange = Readonly<z.infer<typeof annotationChangeSchema>>;

/** What is the same for two spellings of one tag. */
export function tagKey(tag: string): string {
  return tag.trim().normalize("NFC").toLowerCase();
}

/** The annotation after a change. A tag that is there keeps its spelling. */
export function changedAnnotation(annotation: Annotation, change: AnnotationChange): Annotation {
  const removed = new Set((change.removeTags ?? []).map(tagKey));
  const tags = new Map<string, string>();
  for (const tag of [...annotation.tags.filter((each) => !removed.has(tagKey(each))), ...(change.addTags ?? [])])
    if (!tags.has(tagKey(tag))) tags.set(tagKey(tag), tag.trim());
  return {
    tags: [...tags.values()],
    rating: change.rating === undefined ? annotation.rating : change.rating,
    flag: change.flag === undefined ? annotation.flag : change.flag,
  };
}
