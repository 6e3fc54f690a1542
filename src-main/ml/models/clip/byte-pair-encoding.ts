/**
 * @file Byte-pair encoding of one word: bytes become letters, then neighbours merge, most frequent pair first.
 * Source: Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units", 2016; the byte alphabet is GPT-2's.
 */
import { defined } from "#shared/lib/assert";

/** Marks the end of a word in CLIP's vocabulary. */
const END_OF_WORD = "</w>";

/** Printable stand-ins for the 256 bytes: Latin-1's visible letters stand for themselves, the others for letters from U+0100 on. */
const letterOfByte: readonly string[] = (() => {
  const isVisible = (byte: number): boolean => (byte >= 33 && byte <= 126) || (byte >= 161 && byte !== 173);
  let substitutes = 0;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isVisible(byte) ? byte : 256 + substitutes++));
})();

const utf8 = new TextEncoder();

/** Merge rules by their pair of symbols, in order of rank. */
export type MergeRanks = ReadonlyMap<string, number>;

/** How many merges CLIP uses; longer files exist. */
const MERGES = 48_894;

/** Reads merges.txt: a version line, then one pair a line, most frequent first. */
export function parseMerges(text: string): MergeRanks {
  const pairs = text
    .trim()
    .split(/\r?\n/)
    .slice(1, MERGES + 1);
  return new Map(pairs.map((pair, rank) => [pair.trim(), rank]));
}

/** Splits a word into the symbols of the vocabulary, the last one marked as the end of the word. An empty word has none. */
export function bytePairs(word: string, ranks: MergeRanks): readonly string[] {
  let symbols = Array.from(utf8.encode(word), (byte) => defined(letterOfByte[byte], "256 letters"));
  if (symbols.length === 0) return [];
  symbols.push(`${symbols.pop() ?? ""}${END_OF_WORD}`);
  for (;;) {
    const pair = bestPair(symbols, ranks);
    if (pair === null) return symbols;
    symbols = merged(symbols, pair);
  }
}

function bestPair(symbols: readonly string[], ranks: MergeRanks): string | null {
  let best: string | null = null;
  let bestRank = Infinity;
  for (let i = 1; i < symbols.length; i++) {
    const pair = `${symbols[i - 1] ?? ""} ${symbols[i] ?? ""}`;
    const rank = ranks.get(pair) ?? Infinity;
    if (rank < bestRank) [best, bestRank] = [pair, rank];
  }
  return best;
}

/** Joins every occurrence of the pair, from the left. */
function merged(symbols: readonly string[], pair: string): string[] {
  const [left, right] = pair.split(" ");
  const result: string[] = [];
  for (let i = 0; i < symbols.length; i++) {
    const isPair = symbols[i] === left && symbols[i + 1] === right;
    result.push(isPair ? `${left ?? ""}${right ?? ""}` : (symbols[i] ?? ""));
    if (isPair) i++;
  }
  return result;
}
