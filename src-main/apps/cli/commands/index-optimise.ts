/** @file `semblance index optimise`: makes searches of a large library find more of the best, and says how much. */
import type { Command } from "commander";
import type { Job } from "#shared/domain/job";
import type { Engine } from "../../../engine/engine";
import type { CommandContext, Run } from "../command-context";
import { watchJob } from "../watch-job";

/** How candidates of a metric are found. */
export interface CandidateRow {
  readonly by: "probe attention" | "pooled vector";
  readonly count: number;
  /** Share of the best that is expected among the candidates, as measured on `checked` pictures of the library. */
  readonly expectedRecall: number;
  readonly checked: number;
}

/** Adds the command to `semblance index`. */
export function addOptimiseCommand(index: Command, run: Run): void {
  index
    .command("optimise")
    .description("learn from the library how to find candidates best, and compact its tables; `index run` does it when it is due")
    .action((_options, command: Command) => run(command, (context) => context.withEngine((engine) => optimise(context, engine))));
}

async function optimise(context: CommandContext, engine: Engine): Promise<void> {
  const job = await optimiseIfDue(context, engine);
  if (job === null) await engine.store.optimise();
  const rows = [...(await candidateRows(engine))].map(([recipeId, row]) => ({ recipeId, ...row }));
  const names = new Map((await engine.metrics.progress()).map(({ recipeId, name }) => [recipeId, name]));
  const document = rows.map(({ recipeId, ...row }) => ({ metric: names.get(recipeId) ?? recipeId, ...row }));
  const none = "The library is small enough to be scored as a whole, so candidates need no preparation.";
  context.output.result({
    document,
    rows: document,
    text: () => (document.length === 0 ? none : document.map((row) => candidateText(row.metric, row)).join("\n")),
  });
}

/** Runs what is due to its end; null when nothing is. */
export async function optimiseIfDue(context: CommandContext, engine: Engine): Promise<Job | null> {
  const events = engine.jobs.events();
  const job = await engine.probes.startIfDue(await engine.recipes.active());
  return job === null ? null : watchJob(context, engine, { events, id: job.id });
}

/** How candidates are found, by the ids of the recipes that were checked. */
export async function candidateRows(engine: Engine): Promise<ReadonlyMap<string, CandidateRow>> {
  const rows = new Map<string, CandidateRow>();
  for (const recipe of await engine.recipes.active()) {
    const stage = await engine.probes.stageOf(recipe);
    if (stage === null) continue;
    const { candidates, recall, checked } = stage.facts;
    rows.set(recipe.id, {
      by: stage.probes === null ? "pooled vector" : "probe attention",
      count: candidates,
      expectedRecall: recall,
      checked,
    });
  }
  return rows;
}

/** One line about the candidates of a metric. */
export function candidateText(metric: string, { by, count, expectedRecall, checked }: CandidateRow): string {
  const share = (100 * expectedRecall).toFixed(1);
  return `${metric}: the ${count} nearest by ${by} are scored, expected to hold ${share} % of the best (checked on ${checked} pictures)`;
}
