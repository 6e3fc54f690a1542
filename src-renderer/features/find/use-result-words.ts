/** @file Rarities and votes of a result in words. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Votes } from "#shared/domain/search";
import { type RarityWords, useRarityWords } from "../../charts/rarity-words";
import { voteLetters } from "../../lib/vote-names";
import type { VoteName } from "./votes";

export interface ResultWords extends RarityWords {
  /** "DiffSim: yes, CLIP: no" for the named votes in their fixed order. */
  readonly votes: (votes: Votes, names: readonly VoteName[]) => string;
}

/** `pairs`: how many random pairs the rarities come from. */
export function useResultWords(pairs: number): ResultWords {
  const { t } = useTranslation();
  const rarity = useRarityWords(pairs);
  return useMemo(
    () => ({
      ...rarity,
      votes: (votes, names) =>
        voteLetters
          .filter(({ name }) => names.includes(name))
          .map(
            ({ name }) =>
              `${t(`find.vote.${name}`)}: ${t(votes[name] === null ? "find.voteNone" : votes[name] ? "find.voteYes" : "find.voteNo")}`,
          )
          .join(", "),
    }),
    [t, rarity],
  );
}
