/** @file The voters in their fixed order, each with its letter: a name is never carried by colour alone. */
import type { Voter } from "#shared/domain/vote-report";

export const voteLetters = [
  { name: "starter", letter: "S" },
  { name: "diffsim", letter: "D" },
  { name: "clip", letter: "C" },
  { name: "dino", letter: "N" },
] as const satisfies readonly { readonly name: Voter; readonly letter: string }[];

export function letterOf(voter: Voter): string {
  return voteLetters.find(({ name }) => name === voter)?.letter ?? "";
}
