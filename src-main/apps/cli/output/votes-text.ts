/** @file Votes as a person reads them: one picture voice by voice, several in a table, and what is said about it in sentences. */
import { basename } from "node:path";
import { cutoffInUse, type SilentVoter, type Voter } from "#shared/domain/vote-report";
import type { VotesDocument } from "../commands/votes-document";
import { shareText } from "../../../engine/report/check-words";
import { printable, scoreText, table } from "./table";

const families: Readonly<Record<Voter, string>> = { diffsim: "DiffSim", clip: "CLIP", dino: "DINO", starter: "the starter" };

/** The answer of `semblance votes`. */
export function votesText(document: VotesDocument): string {
  const [only, ...others] = document.candidates;
  const body = only !== undefined && others.length === 0 ? pictureLines(document, only) : tableLines(document);
  return [...body, ...silentLines(document)].join("\n");
}

type Candidate = VotesDocument["candidates"][number];

function pictureLines({ voices }: VotesDocument, { votes, majority, disputed }: Candidate): string[] {
  const rows = votes.map(({ title, score, percentile, vote }, index) => {
    const cutoffs = voices[index]?.cutoffs ?? { usual: null, calibrated: null };
    const source = cutoffs.calibrated !== null ? "these references" : cutoffs.usual !== null ? "1 in 100 pairs" : "";
    return [title, scoreText(score), shareText(percentile), scoreText(cutoffInUse(cutoffs)), source, voteText(vote)];
  });
  return [table(["metric", "score", "beats", "cut-off", "by", "says"], rows), "", majoritySentence(votes, majority, disputed)];
}

function majoritySentence(votes: Candidate["votes"], majority: Candidate["majority"], isDisputed: boolean): string {
  const saying = (vote: boolean): readonly string[] => votes.flatMap((each) => (each.vote === vote ? [each.title] : []));
  const [ayes, noes] = [saying(true), saying(false)];
  if (majority === null)
    return "Nobody can say: fewer than 200 random pairs of the library are measured, and there are too few references.";
  const all = ayes.length + noes.length;
  if (!isDisputed) return all === 1 ? `One says ${majority}, alone.` : `${all === 2 ? "Both" : `All ${all}`} say ${majority}.`;
  if (majority === "tie")
    return `They disagree, half against half: ${listed(ayes)} say${ayes.length === 1 ? "s" : ""} yes, ${listed(noes)} no.`;
  const [most, few] = majority === "yes" ? [ayes, noes] : [noes, ayes];
  return `${most.length} of ${all} say ${majority}; ${listed(few)} disagree${few.length === 1 ? "s" : ""}.`;
}

function tableLines({ voices, candidates, counts }: VotesDocument): string[] {
  const rows = candidates.map(({ path, majority, disputed, votes }) => [
    basename(path),
    ...votes.map(({ score, vote }) => `${scoreText(score)} ${voteText(vote)}`),
    majority ?? "n/a",
    disputed ? "disagree" : "",
  ]);
  const { yes, no, tie, disputed } = counts;
  const ties = tie === 0 ? "" : `, ${tie} half and half`;
  return [
    table(["file", ...voices.map(({ title }) => title), "most say", ""], rows),
    "",
    `Most say yes to ${yes} and no to ${no} of ${candidates.length}${ties}. They disagree on ${disputed}.`,
  ];
}

/** Who has no vote, and how to give it to them. */
function silentLines({ silent, voices }: VotesDocument): string[] {
  if (silent.length === 0) return [];
  const alone = voices.every(({ voter }) => voter === "starter");
  const isOne = silent.length === 1;
  const names = listed(silent.map(({ voter }) => families[voter]));
  const lines = [
    "",
    `${names} ${isOne ? "is" : "are"} not measured${alone ? ", so the starter's two metrics are the only voices" : ` and ${isOne ? "has" : "have"} no vote`}.`,
  ];
  const needing = (state: SilentVoter["state"]): readonly SilentVoter[] => silent.filter((each) => each.state === state);
  const missing = needing("needs-model");
  if (missing.length > 0) lines.push(`Add a model for ${listed(missing.map(({ title }) => title))} with \`semblance models add PATH\`.`);
  lines.push(
    `\`semblance index run --metric ${silent.map(({ metric }) => metric).join(" ")}\` measures the library with ${isOne ? "it" : "them"}.`,
  );
  return lines.map(printable);
}

function voteText(vote: boolean | null): string {
  return vote === null ? "n/a" : vote ? "yes" : "no";
}

/** "DiffSim, CLIP and DINO". */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
