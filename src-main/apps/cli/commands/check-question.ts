/** @file What a check on the command line asks: its measures and thresholds from options, its pictures from paths. */
import { appError, type AppError, toAppError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { CheckArea, CheckCombine, CheckMeasure, CheckResult } from "#shared/domain/check";
import { reachableAreas } from "#shared/domain/check-area";
import type { Cutoffs } from "#shared/domain/check-calibration";
import { recommendedMeasures } from "#shared/domain/check-recommendation";
import type { MetricCard, Question } from "#shared/domain/model-card";
import type { Engine } from "../../../engine/engine";
import { comparableNames } from "../../../engine/metric-names";
import { type CommandContext, throwIfStopped } from "../command-context";
import { parseNumbers } from "../common-options";

/** A threshold of null is the suggested one. */
export interface CheckOptions {
  readonly references: readonly string[];
  readonly candidates: readonly string[];
  readonly metric?: readonly string[];
  readonly style?: boolean;
  readonly instance?: boolean;
  readonly area: CheckArea;
  readonly combine: CheckCombine;
  readonly threshold?: readonly (Cutoffs | null)[];
}

const mostMeasures = 4;

/** `auto`, a score to accept from (below it is rejected), or the two cuts. Throws usage/invalid. */
export function parseThreshold(text: string): Cutoffs | null {
  if (text === "auto") return null;
  const [reject = 0, accept = reject, ...more] = parseNumbers("--threshold")(text);
  if (more.length === 0 && reject <= accept) return { accept, reject };
  throw appError("usage/invalid", `--threshold takes auto, one score, or two with the lower one first, not "${text}".`, {
    hint: "Write --threshold 0.4,0.6 to reject below 0.4 and accept from 0.6 on.",
  });
}

/** The measures named, else those recommended for what is asked. Throws metric/unknown, usage/invalid. */
export function measuresOf(cards: readonly MetricCard[], { metric, style, instance, area }: CheckOptions): CheckMeasure[] {
  const names = metric?.flatMap((text) => text.split(",").map((name) => name.trim())) ?? [];
  const unknown = names.find((name) => !comparableNames.includes(name));
  if (unknown !== undefined)
    throw appError("metric/unknown", `There is no metric ${unknown} to check by.`, { hint: `Metrics: ${comparableNames.join(", ")}.` });
  const asked: readonly Question[] = [
    ...(style === true ? ["style" as const] : []),
    ...(instance === true || style !== true ? ["instance" as const] : []),
  ];
  const recommended = asked.flatMap((question) => recommendedFor(cards, question)).map((measure) => measure.metric);
  const chosen = [...new Set(metric === undefined ? recommended : names)];
  if (chosen.length > mostMeasures)
    throw appError("usage/invalid", `A check goes by ${mostMeasures} metrics at most, and ${chosen.length} were named.`);
  return [
    ...reachableAreas(
      chosen.map((name) => ({ metric: name, area })),
      cards,
    ),
  ];
}

/** In a library where nothing is measured yet, what could be. */
function recommendedFor(cards: readonly MetricCard[], question: Question): readonly CheckMeasure[] {
  const recommended = recommendedMeasures(cards, question);
  if (recommended.length > 0) return recommended;
  return recommendedMeasures(
    cards.map((card) => (card.state === "not-measured" ? { ...card, state: "ready" as const } : card)),
    question,
  );
}

/** One entry a measure. Throws usage/invalid for more thresholds than measures. */
export function cutoffsOf(measures: readonly CheckMeasure[], given: readonly (Cutoffs | null)[]): readonly (Cutoffs | null)[] {
  if (given.length > measures.length)
    throw appError("usage/invalid", `There are ${given.length} thresholds for ${measures.length} metrics.`, {
      hint: `Give one for each in turn: ${measures.map(({ metric }) => metric).join(", ")}.`,
    });
  return measures.map((_, index) => given[index] ?? null);
}

/** Pictures by their bytes, with all paths that they were given by; `skipped` could not be read. */
export interface GivenPictures {
  readonly paths: ReadonlyMap<AssetId, readonly string[]>;
  readonly skipped: CheckResult["skipped"];
}

/** Makes files known to the engine. Throws image/... where there are some and none of them can be read. */
export async function addPictures(context: CommandContext, engine: Engine, files: readonly string[]): Promise<GivenPictures> {
  const paths = new Map<AssetId, readonly string[]>();
  const skipped: CheckResult["skipped"] = [];
  let failure: AppError | null = null;
  for (const [index, path] of files.entries()) {
    throwIfStopped(context.signal);
    try {
      const id = await engine.pictures.addFile(path);
      paths.set(id, [...(paths.get(id) ?? []), path]);
    } catch (error) {
      failure = toAppError(error);
      if (!failure.code.startsWith("image/")) throw failure;
      skipped.push({ path, reason: failure.message });
    }
    context.output.progress.count(index + 1, files.length, "files read");
  }
  if (failure !== null && paths.size === 0) throw failure;
  return { paths, skipped };
}
