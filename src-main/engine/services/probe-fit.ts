/** @file Makes the codebooks of a recipe out of pictures whose features are kept: one for each way to weight probes, since only a check can tell which is better. */
import type { AssetId } from "#shared/domain/asset";
import { defined } from "#shared/lib/assert";
import type { CandidateCodebook } from "../../ml/retrieval/candidate-vector";
import { principalSubspace } from "../../ml/retrieval/principal-subspace";
import {
  probeAnswers,
  probesFor,
  probesOfHead,
  queriesOf,
  type ProbeCodebook,
  type ProbeWeighting,
} from "../../ml/retrieval/probe-attention";
import type { AttentionFeatures } from "../../ml/scoring/attention-features";

/** Numbers of a candidate vector that come from the probes. */
const dimension = 256;
/** Queries that the probes of one head are made of, drawn evenly from all pictures. */
const queriesPerHead = 6000;

export interface FitRequest {
  /** Pictures to learn from. */
  readonly ids: readonly AssetId[];
  /** Their attention; null where it is no longer kept. */
  readonly read: (id: AssetId) => Promise<AttentionFeatures | null>;
  /** Called between slices of work; throws when it shall end. */
  readonly checkpoint: () => Promise<void>;
  /** Called once for each picture read, which each is twice. */
  readonly advance: () => void;
}

/** Codebooks for features of the shape of the first picture; none when too few are left to learn from. */
export async function fitCodebooks(request: FitRequest): Promise<readonly CandidateCodebook[]> {
  const probes = await fitProbes(request);
  if (probes === null) return [];
  const weightings: readonly ProbeWeighting[] = ["library", "own"];
  const answers = weightings.map((): Float32Array[] => []);
  for await (const attention of pictures(request, probes)) {
    weightings.forEach((weighting, i) => defined(answers[i], "answers of each weighting").push(probeAnswers(attention, probes, weighting)));
  }
  const codebooks: CandidateCodebook[] = [];
  for (const [i, weighting] of weightings.entries()) {
    const subspace = await principalSubspace(defined(answers[i], "answers of each weighting"), dimension);
    await request.checkpoint();
    codebooks.push({ probes, weighting, subspace });
  }
  return codebooks;
}

/** The pictures that are still kept and have the shape asked for, or that of the first. */
async function* pictures(
  { ids, read, checkpoint, advance }: FitRequest,
  shape: Pick<AttentionFeatures, "heads" | "headDim"> | null,
): AsyncGenerator<AttentionFeatures> {
  let expected = shape;
  for (const id of ids) {
    await checkpoint();
    const attention = await read(id);
    advance();
    if (attention === null) continue;
    expected ??= attention;
    if (attention.heads === expected.heads && attention.headDim === expected.headDim) yield attention;
  }
}

async function fitProbes(request: FitRequest): Promise<ProbeCodebook | null> {
  const perPicture = Math.ceil(queriesPerHead / Math.max(1, request.ids.length));
  const drawn: Float32Array[][] = [];
  let shape: Pick<AttentionFeatures, "heads" | "headDim"> | null = null;
  for await (const attention of pictures(request, null)) {
    shape ??= { heads: attention.heads, headDim: attention.headDim };
    const queries = queriesOf(attention);
    for (let head = 0; head < attention.heads; head++) {
      const rows = evenRows(queries(head), attention.headDim, perPicture);
      (drawn[head] ??= []).push(rows);
    }
  }
  if (shape === null) return null;
  const { heads, headDim } = shape;
  const probes = probesFor(shape);
  const centres = new Float32Array(heads * probes * headDim);
  const shares = new Float32Array(heads * probes);
  for (const [head, rows] of drawn.entries()) {
    const found = probesOfHead(joined(rows), { headDim, probes });
    centres.set(found.centres, head * probes * headDim);
    shares.set(found.shares, head * probes);
    await request.checkpoint();
  }
  return { heads, headDim, probes, centres, shares };
}

/** Up to `count` rows at equal steps, beginning half a step in. */
function evenRows(rows: Float32Array, channels: number, count: number): Float32Array {
  const present = rows.length / channels;
  const taken = Math.min(count, present);
  const drawn = new Float32Array(taken * channels);
  for (let i = 0; i < taken; i++) {
    const row = Math.floor(((i + 0.5) * present) / taken);
    drawn.set(rows.subarray(row * channels, (row + 1) * channels), i * channels);
  }
  return drawn;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
