/** @file `semblance compare --metric ensemble`: the mean of three percentiles within the person's own library. */
import { appError, toAppError } from "#shared/domain/app-error";
import type { Engine } from "../../../engine/engine";
import { ensembleName } from "../../../engine/metric-names";
import { compareByEnsemble, type EnsembleComparison } from "../../../engine/services/ensemble-comparison";
import type { FilePair } from "../../../engine/services/pair-comparison";
import type { CommandContext } from "../command-context";
import { scoreText, table } from "../output/table";

export const isOfEnsemble = (pair: FilePair): boolean => pair.metric === ensembleName;

/** Runs `use` with the library that the percentiles are of. Throws library/not-found saying what it is for. */
export async function withEnsembleLibrary<T>(context: CommandContext, use: (engine: Engine) => Promise<T>): Promise<T> {
  return context.withEngine(use, { isReading: true }).catch((error: unknown) => {
    const { code, message, hint } = toAppError(error);
    if (code !== "library/not-found") throw error;
    throw appError(code, `The ensemble compares with random pairs of your library. ${message}`, {
      cause: error,
      ...(hint === undefined ? {} : { hint }),
    });
  });
}

/** Compares one pair. Throws usage/invalid for options that have no meaning here, and what {@link compareByEnsemble} throws. */
export async function compareEnsemblePair(engine: Engine, pair: FilePair): Promise<EnsembleComparison> {
  const { mode, ...others } = pair.options;
  if (mode === "published")
    throw appError("usage/invalid", "The published ensemble is a vote over two pictures against a third and has no score for a pair.", {
      hint: "Leave out --mode, or let it vote with `semblance bench DATASET --metrics ensemble`.",
    });
  const { checkpoint, cropA, cropB, maskA, maskB, saveTensors, companions } = pair;
  const foreground = pair.isForeground ? true : null;
  const own = [checkpoint, cropA, cropB, maskA, maskB, foreground, saveTensors];
  const given = [...own, ...Object.values(companions), ...Object.values(others)];
  if (given.some((value) => value !== null))
    throw appError("usage/invalid", "The ensemble takes its models and their settings from the library.", {
      hint: "Give no options but --library.",
    });
  return compareByEnsemble(engine, pair.a, pair.b);
}

/** The document that `compare` prints. */
export function ensembleDocument({ score, members, device, milliseconds }: EnsembleComparison): object {
  return {
    metric: ensembleName,
    score,
    directions: { ab: null, ba: null },
    similarity: "cosine",
    recipe: null,
    model: null,
    members: members.map(({ model, ...member }) => ({ ...member, model: { name: model, sha256: member.recipe.modelSha256 } })),
    device,
    precision: "float32",
    milliseconds: { decode: null, text: null, vae: null, unet: null, score: null, total: milliseconds },
  };
}

export function ensembleText({ score, members }: EnsembleComparison): string {
  const votes = members.filter(({ vote }) => vote).length;
  const rows = members.map(({ metric, score: own, percentile, vote, model }) => [
    metric,
    model,
    scoreText(own),
    scoreText(percentile),
    vote ? "alike" : "",
  ]);
  return [
    `${score}`,
    `mean percentile among random pairs of the library; ${votes} of ${members.length} vote that they are alike`,
    table(["voter", "model", "score", "percentile", "vote"], rows),
  ].join("\n");
}
