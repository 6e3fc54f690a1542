/** @file A reference over its two pictures: the one that is right is framed, and each metric stands under the one it chose. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { judgedUrl } from "#shared/contract/media-routes";
import type { BenchmarkResult, BenchmarkTriplet, TripletSide } from "#shared/domain/benchmark";
import { VoteDots } from "../../../charts/vote-dots";
import { cn } from "../../../lib/class-names";
import { formatScore } from "../../../lib/format";
import { Artwork } from "../../../ui/artwork";
import { fileNameOf, sideKeys, titleOf } from "../words";

export interface TripletFigureProps {
  readonly result: BenchmarkResult;
  readonly triplet: BenchmarkTriplet;
}

/** Three pictures and what was chosen. */
export function TripletFigure({ result, triplet }: TripletFigureProps): ReactNode {
  const { t } = useTranslation();
  const { index, reference, group } = triplet;
  const { id: setId } = result.set;
  return (
    <>
      <figure className="m-0 flex flex-col items-center">
        <Artwork
          src={judgedUrl({ setId, index, side: "reference" }, 512)}
          alt={fileNameOf(reference.path)}
          fit="contain"
          className="aspect-5/4 w-[62%]"
        />
        <figcaption className="mt-0.5 max-w-full truncate text-2xs text-fg-3" title={reference.path}>
          {[t("trust.reference"), group].filter(Boolean).join(", ")}
        </figcaption>
      </figure>
      <div className="mt-2 grid grid-cols-2 gap-2">
        <Side result={result} triplet={triplet} side="a" />
        <Side result={result} triplet={triplet} side="b" />
      </div>
      <p className="mt-2.5 rounded-md bg-raised p-2 text-2xs text-fg-2">{useSentence(result, triplet)}</p>
    </>
  );
}

function Side({ result, triplet, side }: TripletFigureProps & { readonly side: TripletSide }): ReactNode {
  const { t } = useTranslation();
  const isRight = triplet.choice === side;
  const { path } = triplet[side];
  const other = side === "a" ? "b" : "a";
  return (
    <figure className="m-0 min-w-0">
      <Artwork
        src={judgedUrl({ setId: result.set.id, index: triplet.index, side }, 512)}
        alt={fileNameOf(path)}
        fit="contain"
        className={cn("aspect-5/4 w-full", isRight && "outline-2 outline-offset-1 outline-select")}
      />
      <figcaption className="mt-1">
        <span className="flex gap-1.5" title={path}>
          <span className="font-medium text-fg-1">{t(sideKeys[side])}</span>
          {isRight && <span className="ml-auto text-2xs text-fg-3">{t(truthKeys[result.set.kind])}</span>}
        </span>
        <ul className="m-0 mt-1 flex list-none flex-col gap-0.5 p-0">
          {triplet.decisions
            .filter(({ chose, a }) => chose === side && a !== null)
            .map((decision) => (
              <li key={decision.metric} className="flex min-w-0 items-center gap-1.5 text-2xs text-fg-2">
                <VoteDots
                  votes={[{ letter: letterOf(result, decision.metric), value: isRight }]}
                  label={t(isRight ? "trust.isRight" : "trust.isWrong")}
                />
                <span className="min-w-0 break-words">
                  {t("trust.scores", {
                    title: titleOf(result, decision.metric),
                    own: formatScore(decision[side] ?? 0),
                    other: formatScore(decision[other] ?? 0),
                  })}
                </span>
              </li>
            ))}
        </ul>
      </figcaption>
    </figure>
  );
}

/** Who says which one is right. */
export const truthKeys = {
  layout: "trust.people",
  triplets: "trust.people",
  labels: "trust.labels",
  verdicts: "trust.you",
  own: "trust.you",
} as const;

/** The letter of a voter, else the first of its title. */
export function letterOf(result: BenchmarkResult, metric: string): string {
  return result.votes.voters.find((voter) => voter.metric === metric)?.letter ?? titleOf(result, metric).charAt(0).toUpperCase();
}

/** Who agrees and who does not, without a reason nobody knows. */
function useSentence(result: BenchmarkResult, triplet: BenchmarkTriplet): string {
  const { t } = useTranslation();
  const { choice, decisions } = triplet;
  const own = decisions.filter(({ metric }) => metric !== "ensemble");
  const namesOf = (isWanted: (chose: string) => boolean): string =>
    own
      .filter(({ chose }) => isWanted(chose))
      .map(({ metric }) => titleOf(result, metric))
      .join(", ");
  const others = namesOf((chose) => chose !== choice && chose !== "tie");
  const tied = namesOf((chose) => chose === "tie");
  const vote = decisions.find(({ metric }) => metric === "ensemble");
  return [
    t("trust.truth", { who: t(truthKeys[result.set.kind]), side: t(sideKeys[choice]) }),
    others === ""
      ? tied === ""
        ? t("trust.allAgree")
        : ""
      : t("trust.choseOther", { names: others, side: t(sideKeys[choice === "a" ? "b" : "a"]) }),
    tied === "" ? "" : t("trust.tied", { names: tied }),
    vote === undefined ? "" : t(vote.chose === choice ? "trust.voteRight" : "trust.voteWrong"),
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}
