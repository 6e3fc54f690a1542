/** @file Stage 1 of a search: the pictures that the metric itself will score. */
import type { AssetId } from "#shared/domain/asset";
import { defined } from "#shared/lib/assert";
import type { EmbeddingTable, VectorSearchOptions } from "../../data/store/store-types";
import type { Question } from "./candidate-ranking";

/** Fewer candidates than this would let the coarse order decide what is found. */
const minimumCandidates = 200;

export interface CandidateRequest {
  readonly question: Question;
  /** The table of the recipe's pooled vectors. */
  readonly pooled: EmbeddingTable;
  readonly among: Pick<VectorSearchOptions, "folder" | "filterIds">;
}

/** The nearest pictures to every reference of positive weight, and to all of them together; with unwanted references only, those least like them. */
export async function findCandidates({ question, pooled, among }: CandidateRequest): Promise<ReadonlySet<AssetId>> {
  const { query, references, stage } = question;
  const limit = Math.max(stage?.facts.candidates ?? minimumCandidates, 2 * query.top) + references.length;
  const probes = stage?.probes ?? null;
  const asked = probes === null ? [] : references.flatMap((reference) => probes.question(reference) ?? []);
  const byPooled = () => {
    const vectors = references.map((reference) => reference.pooled);
    return searchAll(pooled, directions(question, vectors), { ...among, limit });
  };
  if (probes === null || asked.length < references.length) return byPooled();
  const byProbes = await searchAll(probes.table, directions(question, asked), { ...among, limit });
  if ((await probes.table.count()) >= (await pooled.count())) return byProbes;
  // A picture whose features were gone when the codebook was made has its pooled vector alone.
  return new Set([...byProbes, ...(await probes.table.missing(await byPooled()))]);
}

async function searchAll(
  table: EmbeddingTable,
  queries: readonly Float32Array[],
  options: VectorSearchOptions,
): Promise<ReadonlySet<AssetId>> {
  const ids = new Set<AssetId>();
  for (const query of queries) for (const match of await table.search(query, options)) ids.add(match.assetId);
  return ids;
}

/** What to look for: a vector of each wanted reference, and where scores are averaged or taken off, of all that count together. */
function directions({ query, weights }: Question, vectors: readonly Float32Array[]): readonly Float32Array[] {
  const weighted = vectors.map((vector, index) => {
    const weight = defined(weights[index], "one weight a reference");
    return { weight, vector };
  });
  const counting = weighted.filter(({ weight }) => weight !== 0);
  const single = counting.filter(({ weight }) => weight > 0).map(({ vector }) => vector);
  const isOne = counting.length === 1 && single.length === 1;
  if (isOne || (query.combine !== "mean" && single.length === counting.length)) return single;
  const together = new Float32Array(defined(vectors[0], "a question has references").length);
  for (const { weight, vector } of counting) vector.forEach((value, i) => (together[i] = (together[i] as number) + weight * value));
  return together.some((value) => value !== 0) ? [...single, together] : single;
}
