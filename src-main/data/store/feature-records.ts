/** @file What is remembered of each recipe's kept features: the form a person chose, how int8 compared, and how often reading found something. */
import { join } from "node:path";
import { z } from "zod";
import { formCheckSchema, formChoiceSchema } from "#shared/domain/feature-cache";
import type { RecipeId } from "#shared/domain/feature-recipe";
import { openJsonDocument } from "./json-document";
import type { Writer } from "./writer";

const recordSchema = z.object({
  choice: formChoiceSchema,
  check: formCheckSchema.nullable(),
  hits: z.number().int().nonnegative(),
  misses: z.number().int().nonnegative(),
});
export type FeatureRecord = Readonly<z.infer<typeof recordSchema>>;

export interface FeatureRecords {
  /** Of a recipe that nothing is known of: `auto`, unchecked, never read. */
  get(recipeId: RecipeId): FeatureRecord;
  change(recipeId: RecipeId, change: (record: FeatureRecord) => Partial<FeatureRecord>): Promise<void>;
}

const nothingYet: FeatureRecord = { choice: "auto", check: null, hits: 0, misses: 0 };

/** Opens the records; damaged ones count as none, since features are valid in any form. */
export async function openFeatureRecords(libraryPath: string, writer: Writer): Promise<FeatureRecords> {
  const document = await openJsonDocument<Readonly<Record<string, FeatureRecord>>>({
    path: join(libraryPath, "feature-cache.json"),
    libraryPath,
    schema: z.record(z.string(), recordSchema),
    initial: {},
    isDisposable: true,
  });
  const get = (recipeId: RecipeId): FeatureRecord => document.read()[recipeId] ?? nothingYet;
  return {
    get,
    change: (recipeId, change) =>
      writer.write(() => document.replace({ ...document.read(), [recipeId]: { ...get(recipeId), ...change(get(recipeId)) } })),
  };
}
