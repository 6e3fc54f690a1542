/**
 * @file A person's verdicts as judgements that metrics are measured and tuned by: each accepted candidate is more like each reference than each
 * rejected one.
 */
import { appError, toAppError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { Triplet } from "../../data/datasets/triplet";
import { formatTriplets } from "../../data/datasets/triplet-file";
import type { Store } from "../../data/store/store-types";
import { writeFileAtomic } from "../../platform/atomic-file";
import { seededRandom, shuffled } from "../../platform/seeded-random";
import type { PictureSource } from "./picture-source";

export interface TripletDraw {
  /** At most so many triplets, drawn evenly from the sets of references. */
  readonly limit: number;
  readonly seed: number;
}

export interface VerdictTriplets {
  readonly triplets: readonly Triplet[];
  /** How many there would be without a limit. */
  readonly possible: number;
  /** Pictures with a verdict, or references, that are no longer where they were. */
  readonly missing: number;
}

export interface TripletParts {
  readonly store: Pick<Store, "verdicts">;
  readonly pictures: Pick<PictureSource, "path">;
}

/** The verdicts against one set of references that no newer verdict overrules. */
interface Judged {
  readonly references: readonly string[];
  readonly accepted: readonly string[];
  readonly rejected: readonly string[];
}

/**
 * Draws triplets from all verdicts of the library, the same ones for the same seed; paths are absolute. Undecided candidates say nothing.
 * Triplets of different sets of references are counted apart, in groups.
 */
export async function verdictTriplets(parts: TripletParts, draw: TripletDraw): Promise<VerdictTriplets> {
  const ids = judgedIds(parts.store);
  const paths = new Map<AssetId, string>();
  const missing = new Set<AssetId>();
  for (const id of ids.flatMap(({ references, accepted, rejected }) => [...references, ...accepted, ...rejected])) {
    if (paths.has(id) || missing.has(id)) continue;
    const path = await pathOf(parts.pictures, id);
    if (path === null) missing.add(id);
    else paths.set(id, path);
  }
  const present = (wanted: readonly AssetId[]): readonly string[] => wanted.flatMap((id) => paths.get(id) ?? []);
  const sets = ids
    .map(({ references, accepted, rejected }) => ({
      references: present(references),
      accepted: present(accepted),
      rejected: present(rejected),
    }))
    .filter((set) => sizeOf(set) > 0);
  return { triplets: drawTriplets(sets, draw), possible: sets.reduce((sum, set) => sum + sizeOf(set), 0), missing: missing.size };
}

export interface WrittenTriplets extends Pick<VerdictTriplets, "possible" | "missing"> {
  readonly triplets: number;
  readonly out: string;
}

/** Writes the same as CSV, over what lies at `file`. Throws usage/invalid where there is nothing to write, disk/... */
export async function writeVerdictTriplets(
  parts: TripletParts,
  { file, ...draw }: TripletDraw & { readonly file: string },
): Promise<WrittenTriplets> {
  const { triplets, ...counts } = await verdictTriplets(parts, draw);
  if (triplets.length === 0)
    throw appError("usage/invalid", "There are no judgements to write: no reference has both an accepted and a rejected picture.", {
      hint: "Decide on some in Consistency, or with `semblance verdicts set`; `semblance verdicts list` prints what is there.",
    });
  await writeFileAtomic(file, formatTriplets(triplets));
  return { triplets: triplets.length, ...counts, out: file };
}

/** In an order that depends on nothing but the pictures. */
function judgedIds({ verdicts }: Pick<Store, "verdicts">) {
  const sets = verdicts.sets().map((set) => {
    const holding = verdicts.holding(set.references);
    const own = set.verdicts.filter((verdict) => holding.get(verdict.assetId) === verdict);
    const those = (wanted: "accepted" | "rejected"): readonly AssetId[] =>
      own.flatMap(({ assetId, verdict }) => (verdict === wanted ? [assetId] : [])).sort();
    return { references: set.references.toSorted(), accepted: those("accepted"), rejected: those("rejected") };
  });
  return sets.toSorted((one, other) => (one.references.join(" ") < other.references.join(" ") ? -1 : 1));
}

async function pathOf(pictures: TripletParts["pictures"], id: AssetId): Promise<string | null> {
  return pictures.path(id).catch((error: unknown) => {
    if (toAppError(error).code === "asset/not-found") return null;
    throw error;
  });
}

const sizeOf = ({ references, accepted, rejected }: Judged): number => references.length * accepted.length * rejected.length;

function drawTriplets(sets: readonly Judged[], { limit, seed }: TripletDraw): readonly Triplet[] {
  const random = seededRandom(seed);
  const drawn: Triplet[][] = [];
  let left = limit;
  // The smallest first: what they cannot use is there for the larger ones.
  const order = [...sets.keys()].sort((one, other) => sizeOf(sets[one] as Judged) - sizeOf(sets[other] as Judged));
  for (const [place, index] of order.entries()) {
    const set = sets[index] as Judged;
    const numbers = someOf(sizeOf(set), Math.floor(left / (order.length - place)), random);
    left -= numbers.length;
    const group = sets.length === 1 ? null : `references ${index + 1}`;
    drawn[index] = numbers.map((number) => tripletAt(set, number, { group, isSwapped: random() < 0.5 }));
  }
  return drawn.flat();
}

/** Up to `count` different numbers below `size`, ascending. */
function someOf(size: number, count: number, random: () => number): readonly number[] {
  if (size <= 2 * count)
    return shuffled(
      Array.from({ length: size }, (_, number) => number),
      random,
      count,
    ).toSorted((a, b) => a - b);
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(Math.floor(random() * size));
  return [...chosen].sort((a, b) => a - b);
}

/** Which of the two comes first must not tell which is right. */
function tripletAt(
  set: Judged,
  number: number,
  { group, isSwapped }: { readonly group: string | null; readonly isSwapped: boolean },
): Triplet {
  const { references, accepted, rejected } = set;
  const reference = references[Math.floor(number / (accepted.length * rejected.length))] ?? "";
  const right = accepted[Math.floor(number / rejected.length) % accepted.length] ?? "";
  const wrong = rejected[number % rejected.length] ?? "";
  const pair = isSwapped ? ({ a: wrong, b: right, choice: "b" } as const) : ({ a: right, b: wrong, choice: "a" } as const);
  return { reference, ...pair, prompt: null, group };
}
