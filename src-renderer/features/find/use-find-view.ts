/** @file Everything the page of Find shows, derived from the question, the answer and the yardstick. */
import { useMemo } from "react";
import type { AssetId } from "#shared/domain/asset";
import type { MetricCard } from "#shared/domain/model-card";
import type { Match, RandomPairs, SearchEvent } from "#shared/domain/search";
import { isTooCommon } from "../../charts/rarity";
import { type ValueRange, rangeOf, widenTo } from "../../charts/scales";
import { type CutoffSplit, splitByCutoff } from "./cutoff";
import { type ResultOrder, useFind } from "./find-state";
import { foldCopies } from "./fold-copies";
import { lookPast, otherMetric } from "./look-past";
import { currentMetric } from "./metric-choice";
import { useMetricCards, useRandomPairs } from "./queries";
import { type ResultWords, useResultWords } from "./use-result-words";
import { type VoteFilter, type VoteName, passesVotes, voteOf, votesInUse, withOwnVote } from "./votes";

export interface FindView {
  readonly cards: readonly MetricCard[];
  readonly isLoaded: boolean;
  readonly card: MetricCard | null;
  /** The metric that stands for what the answer may look past; null when the engine has none. */
  readonly other: MetricCard | null;
  readonly hasQuestion: boolean;
  /** The answer on screen, also while the next one is on its way; null when there is none. */
  readonly event: SearchEvent | null;
  readonly pairs: RandomPairs | undefined;
  readonly pairCount: number;
  /** The cut-off in use: set by hand, else the suggested one; null without either. */
  readonly cutoff: number | null;
  readonly range: ValueRange;
  readonly scores: readonly number[];
  readonly split: CutoffSplit;
  /** How many near-duplicates lie under a result's tile, or would if they were folded. */
  readonly copyCounts: ReadonlyMap<AssetId, number>;
  readonly best: Match | null;
  /** The chosen result while it is there, else the best; null while none is shown. */
  readonly selected: Match | null;
  readonly isNoMatch: boolean;
  readonly voteNames: readonly VoteName[];
  readonly words: ResultWords;
}

const noMatches: readonly Match[] = [];

/**
 * Reads the state of Find and what the engine has said so far.
 *
 * [Note: Signed queries] Taking an "unlike" off a score moves it below every random pair's scale, so its rarity would call good results common.
 * Such a query has no rarity and no suggested cut-off; its order is still right.
 */
export function useFindView(): FindView {
  const { cards, isLoaded } = useMetricCards();
  const query = useFind((state) => state.history.present);
  const event = useFind((state) => state.search.shown);
  const answeredKey = useFind((state) => state.answeredKey);
  const closestShownFor = useFind((state) => state.closestShownFor);
  const selectedId = useFind((state) => state.selectedId);
  const order = useFind((state) => state.order);
  const votes = useFind((state) => state.votes);
  const areCopiesFolded = useFind((state) => state.areCopiesFolded);
  const card = currentMetric(cards, query.metric);
  const isOnScale = useFind((state) => state.search.shownFor?.references.every(({ weight }) => weight >= 0) ?? true);
  const allPairs = useRandomPairs(card);
  const pairs = useMemo(
    () => (isOnScale || allPairs === undefined ? allPairs : { ...allPairs, suggestedCutoff: null }),
    [allPairs, isOnScale],
  );
  const pairCount = pairs?.scores.length ?? 0;
  const cutoff = query.cutoff ?? pairs?.suggestedCutoff ?? null;
  const own = card === null ? null : voteOf(card.metric);
  const matches = useMemo(
    () =>
      event === null
        ? noMatches
        : lookPast(event, query.against).map((match) => withOwnVote(isOnScale ? match : { ...match, rarity: null }, own)),
    [event, own, isOnScale, query.against],
  );

  const scores = useMemo(() => matches.map(({ score }) => score), [matches]);
  const range = useMemo(() => widenTo(rangeOf(pairs?.scores ?? [], scores, cutoff === null ? [] : [cutoff]), 0.1), [pairs, scores, cutoff]);
  const folded = useMemo(() => foldCopies(matches), [matches]);
  const shownMatches = areCopiesFolded ? folded.shown : matches;
  const split = useMemo(() => orderedSplit(shownMatches, cutoff, { order, votes }), [shownMatches, cutoff, order, votes]);
  const voteNames = useMemo(() => votesInUse(matches), [matches]);
  const words = useResultWords(pairCount);
  const best = useMemo(() => highest(matches), [matches]);
  const isNoMatch = best !== null && isNoGoodMatch(best, pairs) && (closestShownFor === null || closestShownFor !== answeredKey);
  const shown = split.above[0] ?? split.below[0] ?? null;
  const selected = isNoMatch ? null : (shownMatches.find(({ asset }) => asset.id === selectedId) ?? shown);
  return {
    cards,
    isLoaded,
    card,
    other: otherMetric(cards, card),
    hasQuestion: query.references.length > 0,
    event,
    pairs,
    pairCount,
    cutoff,
    range,
    scores,
    split,
    copyCounts: folded.copyCounts,
    best,
    isNoMatch,
    selected,
    voteNames,
    words,
  };
}

/** The first of the best scores: what is looked past changes the order, not what the scores are. */
function highest(matches: readonly Match[]): Match | null {
  return matches.reduce<Match | null>((best, match) => (best === null || match.score > best.score ? match : best), null);
}

/** The line is the suggested cut-off: in a small library of few styles good matches are more common than 1 in 100 pairs. */
function isNoGoodMatch(best: Match, pairs: RandomPairs | undefined): boolean {
  const suggested = pairs?.suggestedCutoff ?? null;
  return suggested === null ? isTooCommon(best.rarity) : best.rarity !== null && best.score < suggested;
}

function orderedSplit(
  matches: readonly Match[],
  cutoff: number | null,
  { order, votes }: { readonly order: ResultOrder; readonly votes: VoteFilter },
): CutoffSplit {
  const { above, below } = splitByCutoff(
    matches.filter((match) => passesVotes(match.votes, votes)),
    cutoff,
  );
  if (order === "score") return { above, below };
  const byName = (one: Match, other: Match): number => one.asset.name.localeCompare(other.asset.name, "en", { numeric: true });
  return { above: above.toSorted(byName), below: below.toSorted(byName) };
}
