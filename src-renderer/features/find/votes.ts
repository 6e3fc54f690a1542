/** @file Votes of the metrics in their fixed order, as the dots under a picture show them. */
import type { MetricName } from "#shared/domain/feature-recipe";
import type { Match, Votes } from "#shared/domain/search";
import { isTooCommon } from "../../charts/rarity";
import { voteLetters } from "../../lib/vote-names";

export type VoteName = keyof Votes;

const voters: readonly (readonly [prefix: string, vote: VoteName])[] = [
  ["starter", "starter"],
  ["clip", "clip"],
  ["dino", "dino"],
  ["diffsim", "diffsim"],
];

/** Which metric votes: several metrics of one family share a vote, and some have none. */
export function voteOf(metric: MetricName): VoteName | null {
  return voters.find(([prefix]) => metric.startsWith(prefix))?.[1] ?? null;
}

/** A result whose own metric votes by the exact score that is shown, not by the coarse one the engine votes with. */
export function withOwnVote(match: Match, own: VoteName | null): Match {
  if (own === null || match.rarity === null) return match;
  return { ...match, votes: { ...match.votes, [own]: !isTooCommon(match.rarity) } };
}

/** Votes that at least one result has: dots that would be a dash on every picture are left out. */
export function votesInUse(matches: readonly Match[]): readonly VoteName[] {
  return voteLetters.map(({ name }) => name).filter((name) => matches.some(({ votes }) => votes[name] !== null));
}

export const voteFilters = ["any", "agree", "differ"] as const;
export type VoteFilter = (typeof voteFilters)[number];

/** `agree`: every metric that was measured says yes. `differ`: one says yes and another no. */
export function passesVotes(votes: Votes, filter: VoteFilter): boolean {
  if (filter === "any") return true;
  const given = Object.values(votes).filter((vote) => vote !== null);
  return filter === "agree" ? given.length > 0 && given.every(Boolean) : given.includes(true) && given.includes(false);
}
