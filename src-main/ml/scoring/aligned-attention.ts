/**
 * @file Exact scores of one image against many from their stored attention features, with heat maps and matched patches of the same run.
 * Source: Song et al., "DiffSim", ICCV 2025, eq. 1-3.
 */
import type { DeviceId } from "#shared/domain/device";
import { createLentMemory, type LentMemory } from "../../platform/lent-memory";
import type { InferenceSession } from "../runtime/inference-session";
import { createSessionPool, type SessionPool } from "../runtime/session-pool";
import type { Tensor } from "../tensor/tensor";
import { buildAlignedAttention, type AlignedAttentionShape, type OutputProjection, type SideShape } from "./aligned-attention-graph";
import { checkedSide, groupBySide, sideFeeds, sideKey } from "./aligned-attention-sides";
import type { AttentionFeatures } from "./attention-features";
import { type TokenParts, tokenParts } from "./token-parts";

export type { AttentionFeatures } from "./attention-features";

export interface AlignedAttentionOptions {
  readonly heads: number;
  readonly headDim: number;
  /** Factor of the attention scores; 1 / sqrt(headDim) when left out. */
  readonly scale?: number;
  /** Applied to all attention outputs before they are compared. */
  readonly projection?: OutputProjection;
  readonly device: DeviceId;
  readonly threads: number;
  /** Where the sessions live; a pool of its own when left out. */
  readonly sessions?: SessionPool;
}

/** Cosines in [-1, 1]: queries of A looking at B, and of B looking at A. The score is their mean. */
export interface AlignedCosines {
  readonly ab: number;
  readonly ba: number;
}

/** Score of one pair. `heatA[t]` belongs to token t of the query image, `matchA[t]` is the index of its best patch token of the target. */
export interface AlignedScore extends AlignedCosines {
  readonly mseAb: number;
  readonly mseBa: number;
  readonly heatA: Float32Array;
  readonly heatB: Float32Array;
  readonly matchA: Int32Array;
  readonly matchB: Int32Array;
  /** What each token of the query image adds to `ab`, and of the target to `ba`. */
  readonly partsA: TokenParts;
  readonly partsB: TokenParts;
}

export interface AlignedAttention {
  /**
   * Scores in the order of `targets`. Token counts, grids and precision may differ between images, heads and channels may not.
   * @throws scoring/incompatible-features, weights/not-finite when features hold no numbers
   */
  score(query: AttentionFeatures, targets: readonly AttentionFeatures[]): Promise<readonly AlignedScore[]>;
  /** The cosines alone, which are the same numbers in less time. Throws as `score`. */
  cosines(query: AttentionFeatures, targets: readonly AttentionFeatures[]): Promise<readonly AlignedCosines[]>;
  dispose(): Promise<void>;
}

/** Attention scores of one run may take this much memory. */
const maxScoreBytes = 512 * 2 ** 20;

/** Work of one run at least worth its overhead. A CPU needs no more; a graphics card wants to be filled. */
const worthwhileFlops: Readonly<Record<DeviceId, number>> = { cpu: 2e8, webgpu: 2e10, cuda: 2e10, directml: 2e10, coreml: 2e10 };

/** Prepares scoring for features of one layer; the sessions are made when first needed, one for each combination of token counts. */
export async function createAlignedAttention(options: AlignedAttentionOptions): Promise<AlignedAttention> {
  const pool = options.sessions ?? createSessionPool();
  const scale = options.scale ?? 1 / Math.sqrt(options.headDim);
  const sessions = new Map<string, Promise<InferenceSession>>();
  const memory = createLentMemory();

  function sessionFor(a: SideShape, b: SideShape, hasMaps: boolean): Promise<InferenceSession> {
    const key = `${sideKey(a)}|${sideKey(b)}|${hasMaps ? "maps" : "cosines"}`;
    const known = sessions.get(key);
    if (known !== undefined) return known;
    const shape: AlignedAttentionShape = {
      heads: options.heads,
      headDim: options.headDim,
      scale,
      projection: options.projection ?? null,
      hasMaps,
      a,
      b,
    };
    const session = pool.get(buildAlignedAttention(shape), { device: options.device, threads: options.threads });
    sessions.set(key, session);
    session.catch(() => sessions.delete(key));
    return session;
  }

  async function runPairs<Score>(
    { hasMaps, read }: PairReading<Score>,
    query: AttentionFeatures,
    targets: readonly AttentionFeatures[],
  ): Promise<readonly Score[]> {
    const a = checkedSide(query, options);
    const results = new Map<AttentionFeatures, Score>();
    for (const { side: b, members } of groupBySide(targets, options)) {
      const session = await sessionFor(a, b, hasMaps);
      const size = pairsPerRun(a, b, options);
      for (let start = 0; start < members.length; start += size) {
        const chunk = members.slice(start, start + size);
        const outputs = await runChunk({ session, memory }, query, chunk);
        chunk.forEach((target, place) => results.set(target, read(outputs, { query, target, place })));
      }
    }
    return targets.map((target) => results.get(target) as Score);
  }

  return {
    score: (query, targets) => runPairs({ hasMaps: true, read: readScore }, query, targets),
    cosines: (query, targets) => runPairs({ hasMaps: false, read: readCosines }, query, targets),
    dispose: async () => {
      const open = await Promise.allSettled(sessions.values());
      sessions.clear();
      await Promise.all(open.map((session) => (session.status === "fulfilled" ? session.value.dispose() : undefined)));
    },
  };
}

function pairsPerRun(a: SideShape, b: SideShape, options: AlignedAttentionOptions): number {
  const scores = options.heads * a.tokens * b.tokens;
  const worthwhile = Math.ceil(worthwhileFlops[options.device] / (8 * scores * options.headDim));
  return Math.max(1, Math.min(worthwhile, Math.floor(maxScoreBytes / (4 * scores))));
}

type Outputs = Readonly<Record<string, Tensor>>;

async function runChunk(
  { session, memory }: { readonly session: InferenceSession; readonly memory: LentMemory },
  query: AttentionFeatures,
  targets: readonly AttentionFeatures[],
): Promise<Outputs> {
  const { allocate, end } = memory.lend();
  return session.run({ ...sideFeeds([query], "a", allocate), ...sideFeeds(targets, "b", allocate) }).finally(end);
}

/** A pair of a run, by its place among the targets. */
interface Pair {
  readonly query: AttentionFeatures;
  readonly target: AttentionFeatures;
  readonly place: number;
}

/** What is read of a pair, and whether its graph must make maps for it. */
interface PairReading<Score> {
  readonly hasMaps: boolean;
  read(this: void, outputs: Outputs, pair: Pair): Score;
}

function readCosines(outputs: Outputs, { place }: Pair): AlignedCosines {
  return { ab: floats(outputs, "ab")[place] as number, ba: floats(outputs, "ba")[place] as number };
}

function readScore(outputs: Outputs, pair: Pair): AlignedScore {
  const { query, target, place } = pair;
  return {
    ...readCosines(outputs, pair),
    mseAb: floats(outputs, "mse_ab")[place] as number,
    mseBa: floats(outputs, "mse_ba")[place] as number,
    heatA: row(floats(outputs, "heat_a"), place, query.tokens),
    heatB: row(floats(outputs, "heat_b"), place, target.tokens),
    matchA: matches(outputs, "match_a", { row: place, length: query.tokens }),
    matchB: matches(outputs, "match_b", { row: place, length: target.tokens }),
    partsA: parts(outputs, "a", { row: place, length: query.tokens }),
    partsB: parts(outputs, "b", { row: place, length: target.tokens }),
  };
}

/** Of a side that all pairs of a run share, what it gathers at home is there once. */
function parts(outputs: Outputs, side: "a" | "b", place: { readonly row: number; readonly length: number }): TokenParts {
  const own = floats(outputs, `own_${side}`);
  return tokenParts({
    heat: row(floats(outputs, `heat_${side}`), place.row, place.length),
    crossedSquared: row(floats(outputs, `crossed_${side}`), place.row, place.length),
    ownSquared: row(own, own.length === place.length ? 0 : place.row, place.length),
  });
}

function floats(outputs: Outputs, name: string): Float32Array {
  return outputs[name]?.data as Float32Array;
}

function row(values: Float32Array, index: number, length: number): Float32Array {
  return values.slice(index * length, (index + 1) * length);
}

function matches(outputs: Outputs, name: string, place: { readonly row: number; readonly length: number }): Int32Array {
  const indices = outputs[name]?.data as BigInt64Array;
  return Int32Array.from(indices.subarray(place.row * place.length, (place.row + 1) * place.length), Number);
}
