/** @file `semblance demo`: the bundled pictures measured, searched by style and by subject, a character checked, and one heat map. Offline, under a minute. */
import { basename, dirname, join } from "node:path";
import type { Command } from "commander";
import type { MetricName } from "#shared/domain/feature-recipe";
import { defined } from "#shared/lib/assert";
import type { Engine } from "../../../engine/engine";
import { checkDocument } from "../../../engine/report/check-document";
import { countsText } from "../../../engine/report/check-words";
import type { FinishedCheck } from "../../../engine/report/finished-check";
import { writeHeatmap } from "../../../engine/services/heatmap-service";
import { samplePath } from "../../../engine/services/library-service";
import type { SearchStep } from "../../../engine/services/search-matches";
import { defaultLibraryPath } from "../../../platform/paths";
import type { CommandContext, Run } from "../command-context";
import { rarityText, scoreText, table } from "../output/table";
import { runCheck } from "./check-run";
import { watchIndexRun } from "./index-run";

const shown = 5;
/** Five good pictures of the sample library's character, and others of which 5 and 11 have another coat and other hair. */
const references = [1, 2, 3, 4, 6];
const candidates = [5, 8, 11, 12, 15, 18];
/** A picture whose neighbours by style and by subject differ plainly. */
const question = "sailboat--chalk.webp";

/** Adds the command to the program. */
export function addDemoCommand(program: Command, run: Run): void {
  program
    .command("demo")
    .description("the sample library: measure, find by style, find by subject, check a character, draw a heat map")
    .action((_options, command: Command) => run(command, demo));
}

async function demo(context: CommandContext): Promise<void> {
  const folder = context.common.libraryPath ?? join(dirname(defaultLibraryPath()), "semblance-demo");
  await context.withEngine(
    async (engine) => {
      context.output.note("Measuring the sample library ...");
      await engine.library.addSample();
      const job = await watchIndexRun(context, engine);
      const picture = join(samplePath(), question);
      const style = await nearest(engine, picture, "starter-style");
      const subject = await nearest(engine, picture, "starter-subject");
      const check = checkDocument(await checkCharacter(context, engine));
      const best = defined(style.matches[0], "the sample library has more than one picture");
      const map = join(folder, "demo-heatmap.png");
      const pair = {
        a: picture,
        b: best.path,
        metric: "starter-style" as const,
        checkpoint: null,
        libraryPath: folder,
        cropA: null,
        view: { kind: "all" as const },
        out: map,
      };
      const numbers = await writeHeatmap(engine.inference, pair);
      const document = {
        library: folder,
        pictures: engine.store.assets.count(),
        measured: job.done,
        query: picture,
        style: style.matches.map(({ path, score, rarity }) => ({ path, score, rarity })),
        subject: subject.matches.map(({ path, score, rarity }) => ({ path, score, rarity })),
        check: { counts: check.counts, candidates: check.candidates.map(({ path, score, verdict }) => ({ path, score, verdict })) },
        heatmap: { path: map, score: numbers.score },
      };
      context.output.result({
        document,
        text: () =>
          [
            `${document.pictures} pictures of the sample library are measured.`,
            `\nMost like ${picture} in style:`,
            matchTable(style),
            "\nMost like it in subject:",
            matchTable(subject),
            `\nWhether ${candidates.length} pictures show the character of ${references.length} others, by starter-subject:`,
            table(
              ["verdict", "score", "file"],
              document.check.candidates.map(({ verdict, score, path }) => [verdict, scoreText(score), basename(path)]),
            ),
            countsText(check.counts),
            `\nHeat map of the best pair: ${map}`,
            `The library of this demo: ${folder}`,
            `Ask it more: semblance find IMAGE --library ${folder}`,
          ].join("\n"),
      });
    },
    { libraryPath: folder },
  );
}

async function checkCharacter(context: CommandContext, engine: Engine): Promise<FinishedCheck> {
  const pathOf = (number: number): string => join(samplePath(), `mira-${String(number).padStart(2, "0")}.webp`);
  const asked = { references: references.map(pathOf), candidates: candidates.map(pathOf), metric: ["starter-subject"] };
  return runCheck(context, engine, { ...asked, area: "whole", combine: "mean" });
}

async function nearest(engine: Engine, path: string, metric: MetricName): Promise<SearchStep> {
  const asset = await engine.library.picture(path);
  let last: SearchStep | null = null;
  const query = {
    references: [{ assetId: asset.id, weight: 1, crop: null }],
    metric,
    combine: "mean" as const,
    top: shown,
    exact: false,
    folder: null,
    where: null,
    against: null,
  };
  for await (const step of engine.search.run(query)) last = step;
  return defined(last, "a search answers");
}

function matchTable(step: SearchStep): string {
  return table(
    ["score", "rarity", "file"],
    step.matches.map(({ score, rarity, asset }) => [scoreText(score), rarityText(rarity), asset.name]),
  );
}
