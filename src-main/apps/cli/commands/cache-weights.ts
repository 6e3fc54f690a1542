/** @file `semblance cache weights ...`: float32 copies of large weights, which the processor reads without taking memory for them. */
import type { Command } from "commander";
import type { WeightCache } from "#shared/domain/weight-cache";
import { weightCopiesPath } from "../../../engine/inference/in-process-inference";
import { createWeightCacheService, type WeightCacheService } from "../../../engine/services/weight-cache-service";
import type { CommandContext, Run } from "../command-context";
import { printable, table } from "../output/table";
import { gigabyte, gigabytesText, parseGigabytes } from "./cache-room";

/** Adds the commands to `semblance cache`. No library is opened: all share the copies. */
export function addWeightCacheCommands(cache: Command, run: Run): void {
  const weights = cache
    .command("weights")
    .description("float32 copies of large half precision weights: they spare memory and the time to load");
  weights
    .command("status")
    .description("which models have copies, and how much room they take")
    .action((_options, command: Command) => run(command, (context) => tell(context, (service) => service.status())));
  weights
    .command("budget")
    .description("how much room copies may take; the longest unused are removed beyond it")
    .argument("<gigabytes>", "a number, 0 for none", parseGigabytes)
    .action((gigabytes: number, _options, command: Command) =>
      run(command, (context) => tell(context, (service) => service.setBudget(gigabytes * gigabyte))),
    );
  weights
    .command("clear")
    .description("remove all copies; they are made again when a model is used")
    .action((_options, command: Command) => run(command, (context) => tell(context, (service) => service.clear())));
}

async function tell(context: CommandContext, ask: (service: WeightCacheService) => Promise<WeightCache>): Promise<void> {
  const found = await ask(createWeightCacheService(weightCopiesPath()));
  context.output.result({ document: found, rows: found.weights, text: () => cacheText(found) });
}

function cacheText({ folder, bytes, budgetBytes, weights }: WeightCache): string {
  const room = `${gigabytesText(bytes)} of ${gigabytesText(budgetBytes)} in ${printable(folder)}.`;
  if (weights.length === 0) return `No copies. ${room}`;
  const rows = weights.map((copy) => [gigabytesText(copy.bytes), new Date(copy.usedMs).toISOString().slice(0, 10), copy.path]);
  return `${table(["size", "last used", "weights"], rows)}\n${room}`;
}
