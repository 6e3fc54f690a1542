/** @file `semblance cache ...`: attention features that are kept so that exact scores need no second run of the model. */
import { type Command, InvalidArgumentError } from "commander";
import type { CachedRecipe, CacheStatus, FormCheck, FormChoice } from "#shared/domain/feature-cache";
import { formChoiceSchema } from "#shared/domain/feature-cache";
import type { CommandContext, Run } from "../command-context";
import { scoreText, table } from "../output/table";
import { gigabyte, gigabytesText, parseGigabytes } from "./cache-room";
import { addWeightCacheCommands } from "./cache-weights";

/** Adds the cache commands to the program. */
export function addCacheCommands(program: Command, run: Run): void {
  const cache = program
    .command("cache")
    .description("the kept attention features: room, form, and how often they spare a run of the model");
  cache
    .command("status")
    .description("what is kept of each metric, in which form, and how well eight bits were measured to do")
    .action((_options, command: Command) => run(command, status));
  cache
    .command("check")
    .description("measure on the library's own pictures whether eight bits rank as sixteen do")
    .argument("<recipe>", "a metric, or the id of a recipe")
    .action((recipe: string, _options, command: Command) => run(command, (context) => check(context, recipe)));
  cache
    .command("form")
    .description("choose how features are kept from now on; auto keeps large ones in eight bits where a check allows it")
    .argument("<recipe>", "a metric, or the id of a recipe")
    .argument("<form>", "auto, float16 or int8", parseForm)
    .action((recipe: string, choice: FormChoice, _options, command: Command) =>
      run(command, (context) => chooseForm(context, recipe, choice)),
    );
  cache
    .command("budget")
    .description("how much room features may take; the least used are dropped beyond it")
    .argument("<gigabytes>", "a number, 0 for none", parseGigabytes)
    .action((gigabytes: number, _options, command: Command) => run(command, (context) => setBudget(context, gigabytes)));
  cache
    .command("clear")
    .description("drop kept features; they are measured again when they are asked for")
    .option("--recipe <recipe>", "only those of this metric, or of the recipe with this id")
    .action((options: { readonly recipe?: string }, command: Command) => run(command, (context) => clear(context, options.recipe)));
  addWeightCacheCommands(cache, run);
}

function parseForm(text: string): FormChoice {
  const form = formChoiceSchema.safeParse(text);
  if (!form.success) throw new InvalidArgumentError(`The form is ${formChoiceSchema.options.join(", ")}, not "${text}".`);
  return form.data;
}

async function status(context: CommandContext): Promise<void> {
  const found = await context.withEngine((engine) => engine.cache.status(), { isReading: true, isEmptyAllowed: true });
  context.output.result({ document: found, rows: found.recipes, text: () => statusText(found) });
}

function statusText({ recipes, files, bytes, budgetBytes, hitShare }: CacheStatus): string {
  const room = `${files} pictures' features, ${gigabytesText(bytes)} of ${gigabytesText(budgetBytes)}`;
  const found = hitShare === null ? "" : `; ${Math.round(100 * hitShare)} % of reads found what they looked for`;
  if (recipes.length === 0) return `${room}${found}.`;
  const rows = recipes.map((recipe) => [
    recipe.metric,
    recipe.choice === "auto" ? recipe.form : `${recipe.form} (chosen)`,
    scoreText(recipe.check?.tau ?? null),
    scoreText(recipe.check?.recall ?? null),
    String(recipe.files),
    gigabytesText(recipe.bytes),
    shareText(recipe),
    recipe.modelName,
  ]);
  return `${table(["metric", "form", "tau", "recall", "files", "size", "found", "model"], rows)}\n${room}${found}.`;
}

function shareText({ hits, misses }: CachedRecipe): string {
  return hits + misses === 0 ? "n/a" : `${Math.round((100 * hits) / (hits + misses))} %`;
}

async function check(context: CommandContext, name: string): Promise<void> {
  const onProgress = (done: number, total: number) => context.output.progress.count(done, total, "pictures");
  const { recipe, found } = await context.withEngine(async (engine) => {
    const named = engine.cache.recipe(name);
    await engine.cache.check(named, { signal: context.signal, onProgress });
    const { recipes } = await engine.cache.status();
    return { found: recipes.find(({ recipeId }) => recipeId === named.id), recipe: named };
  });
  context.output.result({ document: found, text: () => checkText(recipe.metric, found) });
}

function checkText(metric: string, found: CachedRecipe | undefined): string {
  if (found === undefined || found.check === null) return `${metric} was not checked.`;
  return `${verdictText(metric, found.check)} Features of ${metric} are kept as ${found.form}.`;
}

function verdictText(metric: string, { queries, pictures, tau, recall, identity, isAccepted }: FormCheck): string {
  const asked = `${queries} questions over ${pictures} pictures: tau ${tau.toFixed(4)}, recall@20 ${recall.toFixed(4)}, a picture with itself off by ${identity.toExponential(1)} at most.`;
  return `${asked}\nEight bits ${isAccepted ? "do" : "do not do"} for ${metric}.`;
}

async function chooseForm(context: CommandContext, name: string, choice: FormChoice): Promise<void> {
  const recipe = await context.withEngine(({ cache }) => cache.chooseForm(cache.recipe(name), choice));
  context.output.result({
    document: recipe,
    text: () => `New features of ${recipe.metric} are kept as ${recipe.form}; those that are kept stay as they are.`,
  });
}

async function setBudget(context: CommandContext, gigabytes: number): Promise<void> {
  const budgetBytes = gigabytes * gigabyte;
  const dropped = await context.withEngine(({ cache }) => cache.setBudget(budgetBytes));
  context.output.result({
    document: { budgetBytes, dropped },
    text: () => `Features may take ${gigabytesText(budgetBytes)}. ${droppedText(dropped)}`,
  });
}

async function clear(context: CommandContext, name: string | undefined): Promise<void> {
  const dropped = await context.withEngine(({ cache }) => cache.clear(name === undefined ? null : cache.recipe(name)));
  context.output.result({ document: { dropped }, text: () => droppedText(dropped) });
}

function droppedText({ files, bytes }: Pick<CacheStatus, "files" | "bytes">): string {
  return files === 0 ? "Nothing was dropped." : `Dropped the features of ${files} pictures, ${gigabytesText(bytes)}.`;
}
