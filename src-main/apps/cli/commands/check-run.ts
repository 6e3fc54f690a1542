/** @file Runs a check over paths, of the library or not, and settles what becomes of each candidate. */
import { resolve } from "node:path";
import { appError } from "#shared/domain/app-error";
import type { CheckPicture, CheckQuery, CheckResult } from "#shared/domain/check";
import type { CheckSettings } from "#shared/domain/check-split";
import { defined } from "#shared/lib/assert";
import type { Engine } from "../../../engine/engine";
import { type FinishedCheck, finishCheck } from "../../../engine/report/finished-check";
import { listPictures } from "../../../engine/services/picture-listing";
import { type CommandContext, throwIfStopped } from "../command-context";
import { printable } from "../output/table";
import { addPictures, type CheckOptions, cutoffsOf, measuresOf } from "./check-question";

const mostReferences = 200;

/**
 * Measures what has to be, and splits.
 * @throws usage/invalid where nothing is to be judged, image/... where none of the pictures can be read, and what the check throws
 */
export async function runCheck(context: CommandContext, engine: Engine, options: CheckOptions): Promise<FinishedCheck> {
  const listed = await listPictures(options.candidates, context.signal);
  if (listed.paths.length === 0) {
    const places = options.candidates.map((path) => resolve(path)).join(" or ");
    throw appError("usage/invalid", `There are no pictures in ${places}, so nothing was judged.`, {
      hint: "Name pictures or folders that hold some, or wait for them with --watch.",
    });
  }
  return runCheckOf(context, engine, { ...options, candidates: listed.paths });
}

/** The same for candidates that are pictures, perhaps none. */
export async function runCheckOf(context: CommandContext, engine: Engine, options: CheckOptions): Promise<FinishedCheck> {
  const cards = await engine.metrics.list();
  const measures = measuresOf(cards, options);
  const cutoffs = cutoffsOf(measures, options.threshold ?? []);
  const references = await addPictures(context, engine, (await listPictures(options.references, context.signal)).paths);
  assertReferences(references.paths.size, options);
  const candidates = await addPictures(context, engine, options.candidates);
  const assetIds = [...candidates.paths.keys()];
  const query: CheckQuery = { references: [...references.paths.keys()], candidates: { kind: "assets", assetIds }, measures };
  const found = await lastResult(context, engine, query);
  const pathsOf = new Map([...references.paths, ...candidates.paths]);
  const asGiven = (picture: CheckPicture): CheckPicture => ({ ...picture, path: pathsOf.get(picture.asset.id)?.[0] ?? picture.path });
  const result: CheckResult = {
    ...found,
    references: found.references.map(asGiven),
    candidates: found.candidates.map(asGiven),
    skipped: [...candidates.skipped, ...found.skipped],
  };
  const byHand = new Map(engine.verdicts.list(query.references).map(({ assetId, verdict }) => [assetId, verdict]));
  const settings: CheckSettings = { combine: options.combine, cutoffs, byHand };
  tellLeftOut(context, { result, notRead: references.skipped, asked: assetIds.length });
  return finishCheck(engine, { result, settings, pathsOf, cards });
}

function assertReferences(count: number, { references }: CheckOptions): void {
  if (count === 0)
    throw appError(
      "usage/invalid",
      `There are no pictures in ${references.map((path) => resolve(path)).join(" or ")}, so there is nothing to judge by.`,
      {
        hint: "Name pictures of the thing or the style itself.",
      },
    );
  if (count > mostReferences)
    throw appError("usage/invalid", `A check takes ${mostReferences} references at most, and there are ${count}.`, {
      hint: "Choose the ones that show best what is meant.",
    });
}

async function lastResult(context: CommandContext, engine: Engine, query: CheckQuery): Promise<CheckResult> {
  let last: CheckResult | null = null;
  for await (const { done, total, result } of engine.checks.run(query, context.signal)) {
    throwIfStopped(context.signal);
    context.output.progress.count(done, total, "pictures");
    last = result;
  }
  return defined(last, "a check ends with its result");
}

interface LeftOut {
  readonly result: CheckResult;
  readonly notRead: CheckResult["skipped"];
  readonly asked: number;
}

function tellLeftOut({ output }: CommandContext, { result, notRead, asked }: LeftOut): void {
  for (const { reason } of [...notRead, ...result.skipped]) output.note(printable(reason));
  const own = asked - result.candidates.length;
  if (own > 0 && result.skipped.length === 0)
    output.note(own === 1 ? "One candidate is a reference and is not judged." : `${own} candidates are references and are not judged.`);
}
