/**
 * @file Groups of pictures that are alike.
 *
 * [Note: No chains] A is like B, B like C, and so on to something that is nothing like A: groups that grow along such chains swallow libraries. Here
 * pictures come best first, and each joins the most alike picture that leads a group, or leads one itself. So a group is its best picture and what
 * is directly like it, whatever its size.
 */
import { defined } from "#shared/lib/assert";
import { cosine } from "../../ml/tensor/linear-algebra";
import type { SketchIndex } from "./duplicate-sketches";

/** Pictures decided between two reads of vectors: few enough to leave the process free for others in between. */
const block = 256;
/** Leaders that a picture is compared with exactly: those whose sketches are nearest. */
const mostCompared = 256;

export interface Member {
  readonly item: number;
  /** Cosine with the vector of the group's leader; 1 for itself. */
  readonly similarity: number;
}

export interface Grouping {
  /** Items are 0 to count - 1, the best picture first. */
  readonly count: number;
  /** Empty index of all items. */
  readonly index: SketchIndex;
  readonly vectorsOf: (items: readonly number[]) => Promise<ReadonlyMap<number, Float32Array>>;
  /** Whether a similarity makes two pictures alike. */
  readonly isAlike: (similarity: number) => boolean;
  /** Whether nobody said that a picture is no duplicate of one of these. */
  readonly mayJoin: (item: number, members: readonly Member[]) => boolean;
}

/** Yields how many items are decided. Returns groups of at least two, their leader first and then by similarity; the groups in the order of their leaders. */
export async function* groupAlike(grouping: Grouping): AsyncGenerator<number, readonly (readonly Member[])[], undefined> {
  const { count, index } = grouping;
  const groups = new Map<number, Member[]>();
  for (let from = 0; from < count; from += block) {
    const items = Array.from({ length: Math.min(block, count - from) }, (_, offset) => from + offset);
    const candidates = items.map((item) => [
      ...index.near(item, mostCompared),
      ...items.filter((other) => other < item && index.isNear(item, other)),
    ]);
    const involved = new Set(items.flatMap((item, place) => (candidates[place]?.length === 0 ? [] : [item, ...(candidates[place] ?? [])])));
    const vectors = await grouping.vectorsOf([...involved]);
    for (const [place, item] of items.entries()) {
      const joined = bestLeader(grouping, {
        item,
        leaders: (candidates[place] ?? []).filter((other) => groups.has(other)),
        groups,
        vectors,
      });
      if (joined === null) {
        groups.set(item, [{ item, similarity: 1 }]);
        continue;
      }
      defined(groups.get(joined.leader), "a leader leads a group").push({ item, similarity: joined.similarity });
    }
    for (const item of items) if (groups.has(item)) index.add(item);
    yield from + items.length;
  }
  return [...groups.values()]
    .filter(({ length }) => length > 1)
    .map(([leader, ...others]) => [
      defined(leader, "a group has its leader"),
      ...others.sort((a, b) => b.similarity - a.similarity || a.item - b.item),
    ]);
}

interface Newcomer {
  readonly item: number;
  readonly leaders: readonly number[];
  readonly groups: ReadonlyMap<number, readonly Member[]>;
  readonly vectors: ReadonlyMap<number, Float32Array>;
}

/** The most alike leader whose group the newcomer may join; null when it leads a group of its own. */
function bestLeader(
  { isAlike, mayJoin }: Grouping,
  { item, leaders, groups, vectors }: Newcomer,
): { readonly leader: number; readonly similarity: number } | null {
  const own = vectors.get(item);
  if (own === undefined) return null;
  const alike = leaders.flatMap((leader) => {
    const vector = vectors.get(leader);
    const similarity = vector === undefined ? Number.NaN : cosine(own, vector);
    return isAlike(similarity) ? [{ leader, similarity }] : [];
  });
  alike.sort((a, b) => b.similarity - a.similarity || a.leader - b.leader);
  return alike.find(({ leader }) => mayJoin(item, groups.get(leader) ?? [])) ?? null;
}
