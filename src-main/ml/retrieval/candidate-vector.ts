/**
 * @file The vector that candidates are found by, one for each picture, made so that the cosine of a question and a picture foretells the metric's own score.
 * See docs/retrieval-study.md.
 */
import type { AttentionFeatures } from "../scoring/attention-features";
import { norm, unit } from "../tensor/linear-algebra";
import { fitsCodebook, probeAnswers, type ProbeCodebook, type ProbeWeighting } from "./probe-attention";
import { projectInto, type Subspace } from "./principal-subspace";

/** What a ranking score is made of besides the alignment: the factor of that, and one of each product of two numbers of the pooled vectors. */
export interface ScoreBlend {
  readonly alignment: number;
  readonly pooled: Float32Array;
}

/** All that turns features into candidate vectors. */
export interface CandidateCodebook {
  readonly probes: ProbeCodebook;
  readonly weighting: ProbeWeighting;
  readonly subspace: Subspace;
}

/** Structurally the features of any metric. */
interface PictureFeatures {
  readonly pooled: Float32Array;
  readonly attention: AttentionFeatures | null;
}

/** The stored vector and the one that asks; they differ only where a score takes something off. Null for features of another shape, or without numbers. */
export interface CandidateVectors {
  readonly stored: Float32Array;
  readonly question: Float32Array;
}

/** Vectors of one picture; `blend` null where the score is the alignment alone. */
export function candidateVectors(
  { pooled, attention }: PictureFeatures,
  { probes, weighting, subspace }: CandidateCodebook,
  blend: ScoreBlend | null,
): CandidateVectors | null {
  if (attention === null || !fitsCodebook(attention, probes)) return null;
  const aligned = projectInto(subspace, probeAnswers(attention, probes, weighting));
  const length = norm(aligned);
  // Nothing can be found by a vector without a direction.
  return length > 0 && Number.isFinite(length) ? blended(unit(aligned), pooled, blend) : null;
}

/** The alignment's part and the pooled vector side by side, each number times the root of its factor; the sign of the factor is the question's. */
export function blended(aligned: Float32Array, pooled: Float32Array, blend: ScoreBlend | null): CandidateVectors {
  if (blend === null) return { stored: aligned, question: aligned };
  const stored = new Float32Array(aligned.length + pooled.length);
  const question = new Float32Array(stored.length);
  const set = (at: number, value: number, factor: number): void => {
    const scaled = Math.sqrt(Math.abs(factor)) * value;
    stored[at] = scaled;
    question[at] = Math.sign(factor) * scaled;
  };
  aligned.forEach((value, i) => set(i, value, blend.alignment));
  pooled.forEach((value, i) => set(aligned.length + i, value, blend.pooled[i] ?? 0));
  return { stored, question };
}
