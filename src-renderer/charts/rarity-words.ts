/** @file Rarities in words. */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { formatCount } from "../lib/format";
import { rarityPhrase } from "./rarity";

export interface RarityWords {
  /** "1 in 250", "rarer than 1 in 2,000", "7 in 10" or "not known". */
  readonly short: (rarity: number | null) => string;
  /** The same as a sentence about random pairs. */
  readonly sentence: (rarity: number | null) => string;
}

/** `pairs`: how many random pairs the rarities come from. */
export function useRarityWords(pairs: number): RarityWords {
  const { t } = useTranslation();
  return useMemo(() => {
    const phrase = (form: "short" | "sentence", rarity: number | null): string => {
      const { kind, ...rest } = rarityPhrase(rarity, pairs);
      return t(`charts.rarity.${form}.${kind}`, { number: "count" in rest ? formatCount(rest.count) : "" });
    };
    return { short: (rarity) => phrase("short", rarity), sentence: (rarity) => phrase("sentence", rarity) };
  }, [t, pairs]);
}
