/**
 * @file Successive halving: many candidates are judged on few trials, the better half on twice as many, until one is left.
 * Source: Jamieson, Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter Optimization", AISTATS 2016.
 */

/** What one candidate made of one trial. A tie, which is half right, has margin 0. */
export interface Judgement {
  /** By how much the chosen side won; negative when the other one did. Only compared within a candidate. */
  readonly margin: number;
}

/** How a candidate did on the trials it was given. */
export interface Standing<Candidate> {
  readonly candidate: Candidate;
  readonly judged: number;
  /** Share of right judgements; a tie counts half. */
  readonly accuracy: number;
  /** Rounds it took part in. */
  readonly rounds: number;
}

export interface HalvingOptions<Candidate> {
  readonly candidates: readonly Candidate[];
  /** Trials 0 to trials - 1, in the order in which they are to be used. */
  readonly trials: number;
  /** Trials of the first round, at least. */
  readonly fewest: number;
  /** Judges trials `from` to `to` - 1 under each candidate: one list of judgements a candidate, in their order. */
  judge(
    candidates: readonly Candidate[],
    range: { readonly from: number; readonly to: number },
  ): Promise<readonly (readonly Judgement[])[]>;
}

interface Runner<Candidate> {
  readonly candidate: Candidate;
  readonly margins: number[];
  rounds: number;
}

/** Runs the rounds. The standings have the winner first, then those that lasted longest. Candidates that stay level keep their order. */
export async function successiveHalving<Candidate>(options: HalvingOptions<Candidate>): Promise<readonly Standing<Candidate>[]> {
  const runners = options.candidates.map((candidate): Runner<Candidate> => ({ candidate, margins: [], rounds: 0 }));
  const dropped: Runner<Candidate>[] = [];
  let alive = runners;
  let judged = 0;
  for (const to of roundEnds(runners.length, options)) {
    const results = await options.judge(
      alive.map(({ candidate }) => candidate),
      { from: judged, to },
    );
    for (const [index, runner] of alive.entries()) {
      runner.margins.push(...(results[index] ?? []).map(({ margin }) => margin));
      runner.rounds += 1;
    }
    judged = to;
    const ranked = [...alive].sort(byMerit);
    const kept = to < options.trials ? Math.ceil(ranked.length / 2) : ranked.length;
    dropped.unshift(...ranked.slice(kept));
    alive = ranked.slice(0, kept);
  }
  return [...alive, ...dropped].map(standingOf);
}

/** How many trials have been used when each round ends: doubling towards all of them, where the last round stands. */
export function roundEnds(candidates: number, { trials, fewest }: { readonly trials: number; readonly fewest: number }): readonly number[] {
  const rounds = Math.max(1, Math.ceil(Math.log2(Math.max(1, candidates))));
  const ends = Array.from({ length: rounds }, (_, round) =>
    Math.min(trials, Math.max(fewest, Math.ceil(trials / 2 ** (rounds - 1 - round)))),
  );
  return [...new Set(ends)];
}

/** Number of judgements a full search needs, and that of the halving, both in candidates times trials. */
export function halvingCost(
  candidates: number,
  options: { readonly trials: number; readonly fewest: number },
): {
  readonly full: number;
  readonly halved: number;
} {
  let halved = 0;
  let alive = candidates;
  let from = 0;
  for (const to of roundEnds(candidates, options)) {
    halved += alive * (to - from);
    from = to;
    alive = Math.ceil(alive / 2);
  }
  return { full: candidates * options.trials, halved };
}

function standingOf<Candidate>({ candidate, margins, rounds }: Runner<Candidate>): Standing<Candidate> {
  return { candidate, judged: margins.length, accuracy: accuracyOf(margins), rounds };
}

function byMerit<Candidate>(one: Runner<Candidate>, other: Runner<Candidate>): number {
  return accuracyOf(other.margins) - accuracyOf(one.margins) || clarityOf(other.margins) - clarityOf(one.margins);
}

function accuracyOf(margins: readonly number[]): number {
  if (margins.length === 0) return 0;
  return margins.reduce((sum, margin) => sum + (margin > 0 ? 1 : margin === 0 ? 0.5 : 0), 0) / margins.length;
}

/** Mean margin in units of its spread: scales of different layers cannot be compared otherwise. */
function clarityOf(margins: readonly number[]): number {
  const mean = margins.reduce((sum, margin) => sum + margin, 0) / Math.max(1, margins.length);
  const variance = margins.reduce((sum, margin) => sum + (margin - mean) ** 2, 0) / Math.max(1, margins.length);
  return variance === 0 ? Math.sign(mean) * Number.MAX_VALUE : mean / Math.sqrt(variance);
}
