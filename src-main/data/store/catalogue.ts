/** @file Roots, recipes, jobs and models: short lists, each in a JSON file of its own. */
import { join } from "node:path";
import { z } from "zod";
import type { FeatureRecipe } from "#shared/domain/feature-recipe";
import { featureRecipeSchema, recipeIdSchema } from "#shared/domain/feature-recipe";
import { jobSchema } from "#shared/domain/job";
import { rootIdSchema } from "#shared/domain/library";
import { modelCardSchema } from "#shared/domain/model-card";
import { recipeIdOf } from "../../platform/recipe-id";
import type { JsonDocument } from "./json-document";
import { openJsonDocument } from "./json-document";
import type { JobStore, ModelStore, RecipeStore, StoredRecipe } from "./store-types";
import type { Writer } from "./writer";

const keptJobs = 100;

const storedRootSchema = z.object({
  id: rootIdSchema,
  path: z.string(),
  isSample: z.boolean(),
  isWatched: z.boolean().default(true),
  /** Where it was, while its rows are being rewritten; see [Note: Moved roots]. */
  movedFrom: z.object({ id: rootIdSchema, path: z.string() }).optional(),
});
export type StoredRoot = Readonly<z.infer<typeof storedRootSchema>>;
export type RootsDocument = JsonDocument<readonly StoredRoot[]>;

/** @throws library/corrupt */
export function openRootsDocument(libraryPath: string): Promise<RootsDocument> {
  const schema: z.ZodType<readonly StoredRoot[]> = z.array(storedRootSchema);
  return openJsonDocument({ path: join(libraryPath, "roots.json"), libraryPath, schema, initial: [] });
}

const storedRecipeSchema: z.ZodType<StoredRecipe> = featureRecipeSchema.extend({
  id: recipeIdSchema,
  name: z.string(),
  modelName: z.string(),
});

/** Opens the list of recipes that something was measured with. @throws library/corrupt */
export async function openRecipeStore(libraryPath: string, writer: Writer): Promise<RecipeStore> {
  const document = await openJsonDocument({
    path: join(libraryPath, "recipes.json"),
    libraryPath,
    schema: z.array(storedRecipeSchema),
    initial: [],
  });
  return {
    list: () => [...document.read()],
    get: (id) => document.read().find((recipe) => recipe.id === id) ?? null,
    async put(recipe) {
      const { name, modelName } = recipe;
      const bare: FeatureRecipe = featureRecipeSchema.parse(recipe);
      const id = recipeIdOf(bare);
      const known = document.read().find((other) => other.id === id);
      if (known?.name === name && known.modelName === modelName) return id;
      await writer.write(() => document.replace([...document.read().filter((other) => other.id !== id), { ...bare, id, name, modelName }]));
      return id;
    },
  };
}

/** Opens the list of jobs; a damaged one counts as empty, since finished jobs decide nothing. */
export async function openJobStore(libraryPath: string, writer: Writer): Promise<JobStore> {
  const document = await openJsonDocument({
    path: join(libraryPath, "jobs.json"),
    libraryPath,
    schema: z.array(jobSchema),
    initial: [],
    isDisposable: true,
  });
  return {
    list: () => [...document.read()],
    put: (job) =>
      writer.write(async () => {
        const jobs = [job, ...document.read().filter((other) => other.id !== job.id)];
        await document.replace(jobs.sort((a, b) => b.startedMs - a.startedMs).slice(0, keptJobs));
      }),
  };
}

/** Opens the list of models. @throws library/corrupt */
export async function openModelStore(libraryPath: string, writer: Writer): Promise<ModelStore> {
  const document = await openJsonDocument({
    path: join(libraryPath, "models.json"),
    libraryPath,
    schema: z.array(modelCardSchema),
    initial: [],
  });
  return {
    list: () => [...document.read()],
    put: (card) => writer.write(() => document.replace([...document.read().filter((other) => other.name !== card.name), card])),
    async remove(name) {
      if (document.read().some((card) => card.name === name))
        await writer.write(() => document.replace(document.read().filter((card) => card.name !== name)));
    },
  };
}
