/** @file The document of `semblance votes`. */
import type { AssetId } from "#shared/domain/asset";
import type { CheckCombine } from "#shared/domain/check";
import { countVotes, type Majority, type VoteReport } from "#shared/domain/vote-report";
import { defined } from "#shared/lib/assert";

interface DocumentParts {
  readonly combine: CheckCombine;
  readonly paths: ReadonlyMap<AssetId, readonly string[]>;
}

export type VotesDocument = ReturnType<typeof votesDocument>;

/** Counts the votes; paths are those that were given. */
export function votesDocument(report: VoteReport, { combine, paths }: DocumentParts) {
  const { check, voices, silent } = report;
  const count = countVotes(report, combine);
  const pathOf = ({ asset, path }: VoteReport["check"]["candidates"][number]): string => paths.get(asset.id)?.[0] ?? path;
  const candidates = count.candidates.map(({ candidate, readings, majority, isDisputed }) => {
    const picture = defined(check.candidates[candidate], "votes are on the candidates of the check");
    return {
      path: pathOf(picture),
      assetId: picture.asset.id,
      majority,
      disputed: isDisputed,
      votes: readings.map((reading, voice) => ({ ...defined(voices[voice], "a reading has its voice"), ...reading })),
    };
  });
  const those = (majority: Majority | null): number => candidates.filter((each) => each.majority === majority).length;
  return {
    references: check.references.map(pathOf),
    combine,
    voices: voices.map((voice, index) => ({
      ...voice,
      model: check.measures[index]?.modelName ?? null,
      cutoffs: defined(count.cutoffs[index], "each voice has its cut-offs"),
    })),
    silent,
    counts: {
      yes: those("yes"),
      no: those("no"),
      tie: those("tie"),
      unknown: those(null),
      disputed: candidates.filter((each) => each.disputed).length,
    },
    candidates,
    device: check.device,
    milliseconds: check.milliseconds,
  };
}
