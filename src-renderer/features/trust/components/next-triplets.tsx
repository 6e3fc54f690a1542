/** @file The triplets that follow, small. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { judgedUrl } from "#shared/contract/media-routes";
import type { BenchmarkResult, BenchmarkTriplet } from "#shared/domain/benchmark";
import { VoteDots } from "../../../charts/vote-dots";
import { cn } from "../../../lib/class-names";
import { Artwork } from "../../../ui/artwork";
import { sideKeys, titleOf } from "../words";
import { truthKeys } from "./triplet-figure";

const shown = 8;

export interface NextTripletsProps {
  readonly result: BenchmarkResult;
  readonly triplets: readonly BenchmarkTriplet[];
  /** Place of the first of them. */
  readonly first: number;
  readonly onGo: (at: number) => void;
}

/** A list of buttons. */
export function NextTriplets({ result, triplets, first, onGo }: NextTripletsProps): ReactNode {
  const { t } = useTranslation();
  if (triplets.length === 0) return null;
  return (
    <section aria-label={t("trust.nextInList")} className="py-2">
      <h3 className="m-0 px-3 pb-1 text-2xs font-semibold text-fg-2">{t("trust.nextInList")}</h3>
      <ul className="m-0 list-none p-0">
        {triplets.slice(0, shown).map((triplet, place) => (
          <li key={triplet.index}>
            <TripletRow result={result} triplet={triplet} onOpen={() => onGo(first + place)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface TripletRowProps {
  readonly result: BenchmarkResult;
  readonly triplet: BenchmarkTriplet;
  readonly onOpen: () => void;
}

function TripletRow({ result, triplet, onOpen }: TripletRowProps): ReactNode {
  const { t } = useTranslation();
  const { index, choice, decisions } = triplet;
  const { voters } = result.votes;
  const isRight = (metric: string): boolean => decisions.find((decision) => decision.metric === metric)?.chose === choice;
  const right = voters.filter(({ metric }) => isRight(metric)).map(({ metric }) => titleOf(result, metric));
  const words = right.length === 0 ? t("trust.noneRight") : t("trust.areRight", { names: right.join(", ") });
  const truth = t("trust.truthShort", { who: t(truthKeys[result.set.kind]), side: t(sideKeys[choice]) });
  return (
    <button
      type="button"
      aria-label={t("trust.openTriplet", { number: index + 1, truth, words })}
      onClick={onOpen}
      className="grid h-10.5 w-full grid-cols-[56px_44px_44px_1fr_auto] items-center gap-1.5 border-0 bg-transparent px-3 text-left -outline-offset-2 hover:bg-hover-fill"
    >
      {(["reference", "a", "b"] as const).map((side) => (
        <Artwork
          key={side}
          src={judgedUrl({ setId: result.set.id, index, side }, 256)}
          alt=""
          className={cn("h-8.5 w-11", side === choice && "outline-2 outline-select")}
        />
      ))}
      <span className="truncate text-2xs text-fg-3">{truth}</span>
      <VoteDots votes={voters.map(({ letter, metric }) => ({ letter, value: isRight(metric) }))} label={words} />
    </button>
  );
}
