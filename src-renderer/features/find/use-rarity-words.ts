/** @file Rarities and votes in words. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Votes } from "#shared/domain/search";
import { formatCount } from "../../lib/format";
import { rarityPhrase } from "../../charts/rarity";
import { type VoteName, voteLetters } from "./votes";

export interface RarityWords {
  /** "1 in 250", "rarer than 1 in 2,000", "7 in 10" or "not known". */
  readonly short: (rarity: number | null) => string;
  /** The same as a sentence about random pairs. */
  readonly sentence: (rarity: number | null) => string;
  readonly votes: (votes: Votes, names: readonly VoteName[]) => string;
}

/** `pairs`: how many random pairs the rarities come from. */
export function useRarityWords(pairs: number): RarityWords {
  const { t } = useTranslation();
  return useMemo(() => {
    const phrase = (form: "short" | "sentence", rarity: number | null): string => {
      const { kind, ...rest } = rarityPhrase(rarity, pairs);
      return t(`find.rarity.${form}.${kind}`, { number: "count" in rest ? formatCount(rest.count) : "" });
    };
    return {
      short: (rarity) => phrase("short", rarity),
      sentence: (rarity) => phrase("sentence", rarity),
      votes: (votes, names) =>
        voteLetters
          .filter(({ name }) => names.includes(name))
          .map(({ name }) => `${t(`find.vote.${name}`)}: ${t(votes[name] === null ? "find.voteNone" : votes[name] ? "find.voteYes" : "find.voteNo")}`)
          .join(", "),
    };
  }, [t, pairs]);
}
