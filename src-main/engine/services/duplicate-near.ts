/** @file Near-duplicates: pictures whose perceptual hashes differ in few bits and whose vectors are alike. */
import type { AssetId } from "#shared/domain/asset";
import type { MetricName } from "#shared/domain/feature-recipe";
import { defined } from "#shared/lib/assert";
import type { EmbeddingTable, Store } from "../../data/store/store-types";
import { type Grouping, groupAlike } from "./duplicate-groups";
import { hashSketches, SketchIndex, type Sketches } from "./duplicate-sketches";
import type { MeasureRecipes } from "./measure-recipes";

/** What tells things apart, measured in every library. */
export const usualMetric: MetricName = "starter-subject";
/** Pictures that were saved again, scaled or retouched lie within these; different ones that share a hash by chance do not. */
export const near = { bits: 10, similarity: 0.9 } as const;

/** The pictures that have a hash, in their order, and the hashes. */
export async function hashedPictures(
  store: Store,
  ids: readonly AssetId[],
): Promise<{ readonly known: readonly AssetId[]; readonly sketches: Sketches }> {
  await store.metadata.ready();
  const hashed = ids.flatMap((id) => {
    const phash = store.metadata.get(id)?.phash;
    return phash === undefined ? [] : [{ id, phash }];
  });
  return { known: hashed.map(({ id }) => id), sketches: hashSketches(hashed.map(({ phash }) => phash)) };
}

export interface Candidates {
  /** The best picture first. */
  readonly known: readonly AssetId[];
  readonly sketches: Sketches;
  /** Most bits in which sketches of pictures that are alike differ. */
  readonly limit: number;
  /** Vectors that are at hand already; the others are read from the table. */
  readonly vectors?: ReadonlyMap<AssetId, Float32Array>;
}

/** What groups are made of: these pictures, their vectors, and what a person kept apart. */
export function groupingOf(
  { store, table }: { readonly store: Store; readonly table: EmbeddingTable },
  { known, sketches, limit, vectors: atHand }: Candidates,
  isAlike: Grouping["isAlike"],
): Grouping {
  const idOf = (item: number): AssetId => defined(known[item], "items are known pictures");
  return {
    count: known.length,
    index: new SketchIndex(sketches, limit),
    isAlike,
    mayJoin(item, members) {
      const apart = store.duplicateDecisions.apartFrom(idOf(item));
      return apart.size === 0 || !members.some((member) => apart.has(idOf(member.item)));
    },
    async vectorsOf(items) {
      const vectors = atHand ?? (items.length === 0 ? new Map<AssetId, Float32Array>() : await table.get(items.map(idOf)));
      return new Map(
        items.flatMap((item) => {
          const vector = vectors.get(idOf(item));
          return vector === undefined ? [] : [[item, vector] as const];
        }),
      );
    },
  };
}

/** For each of `ids` that is a near-duplicate of an earlier one, that earlier one. Pictures without a hash or a vector are like none. */
export async function nearPartners(
  { store, recipes }: { readonly store: Store; readonly recipes: MeasureRecipes },
  ids: readonly AssetId[],
): Promise<ReadonlyMap<AssetId, AssetId>> {
  const recipe = await recipes.find(usualMetric);
  const table = recipe === null ? null : store.findEmbeddings(recipe.id);
  if (table === null || ids.length === 0) return new Map();
  const { known, sketches } = await hashedPictures(store, ids);
  const steps = groupAlike(
    groupingOf({ store, table }, { known, sketches, limit: near.bits }, (similarity) => similarity >= near.similarity),
  );
  let step = await steps.next();
  while (step.done !== true) step = await steps.next();
  const idOf = (item: number): AssetId => defined(known[item], "items are known pictures");
  return new Map(
    step.value.flatMap(([leader, ...others]) =>
      others.map(({ item }) => [idOf(item), idOf(defined(leader, "a group has its leader").item)] as const),
    ),
  );
}
