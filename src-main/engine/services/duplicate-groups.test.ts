/** @file Sketches find what a look at all pairs finds, and groups hold together. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cosine } from "../../ml/tensor/linear-algebra";
import { seededRandom } from "../../platform/seeded-random";
import { groupAlike, type Member } from "./duplicate-groups";
import { createPlaneSketches, hashSketches, planeLimit, sketchDistance, SketchIndex } from "./duplicate-sketches";

const bitCount = (hash: bigint): number => hash.toString(2).replaceAll("0", "").length;
const toHex = (hash: bigint): string => hash.toString(16).padStart(16, "0");
const hashArbitrary = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
/** A few hashes and others that differ from them in some bits. */
const familyArbitrary = fc.array(fc.tuple(hashArbitrary, fc.array(fc.array(fc.integer({ min: 0, max: 63 }), { maxLength: 14 }))), {
  maxLength: 6,
});
const familyOf = (drawn: readonly (readonly [bigint, number[][]])[]): bigint[] =>
  drawn.flatMap(([hash, changes]) => [hash, ...changes.map((bits) => bits.reduce((changed, bit) => changed ^ (1n << BigInt(bit)), hash))]);

describe("sketches", () => {
  it("count the bits in which hashes differ", () => {
    fc.assert(
      fc.property(hashArbitrary, hashArbitrary, (a, b) => {
        expect(sketchDistance(hashSketches([toHex(a), toHex(b)]), 0, 1)).toBe(bitCount(a ^ b));
      }),
    );
  });

  it("find exactly the added items within the limit, one by one or through the bands", () => {
    const random = seededRandom(5);
    const strangers = Array.from(
      { length: 600 },
      () => BigInt(Math.floor(random() * 2 ** 32)) * 2n ** 32n + BigInt(Math.floor(random() * 2 ** 32)),
    );
    fc.assert(
      fc.property(familyArbitrary, fc.integer({ min: 0, max: 10 }), fc.boolean(), (drawn, limit, isCrowded) => {
        // The bands are asked only where there are many items.
        const hashes = [...familyOf(drawn), ...(isCrowded ? strangers : [])];
        const sketches = hashSketches(hashes.map(toHex));
        const index = new SketchIndex(sketches, limit);
        for (const item of hashes.keys()) {
          const earlier = Array.from({ length: item }, (_, place) => place);
          expect([...index.near(item, Infinity)].sort((a, b) => a - b)).toEqual(
            earlier.filter((other) => sketchDistance(sketches, item, other) <= limit),
          );
          index.add(item);
        }
      }),
      { numRuns: 12 },
    );
  });

  it("of vectors lie within the limit of their cosine", () => {
    const dimension = 24;
    const random = seededRandom(9);
    const vectors = Array.from({ length: 60 }, () => Float32Array.from({ length: dimension }, () => random() - 0.5));
    const all = vectors.flatMap((vector) => [0, 0.1, 0.3].map((noise) => vector.map((value) => value + noise * (random() - 0.5))));
    const sketches = createPlaneSketches(all.length, dimension);
    for (const [item, vector] of all.entries()) sketches.set(item, vector);
    const isWithin = all.flatMap((one, a) => all.map((other, b) => sketchDistance(sketches, a, b) <= planeLimit(cosine(one, other))));
    expect(isWithin.filter(Boolean).length).toBeGreaterThan(0.995 * isWithin.length);
  });
});

/** Groups of points on a circle (degrees), alike within 10 degrees. */
async function groupsOf(
  degrees: readonly number[],
  areApart: (a: number, b: number) => boolean = () => false,
): Promise<readonly (readonly Member[])[]> {
  const vectors = degrees.map((angle) => Float32Array.of(Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)));
  const sketches = createPlaneSketches(vectors.length, 2);
  for (const [item, vector] of vectors.entries()) sketches.set(item, vector);
  const isAlike = (similarity: number): boolean => similarity >= Math.cos((10.0001 * Math.PI) / 180);
  const steps = groupAlike({
    count: vectors.length,
    index: new SketchIndex(sketches, 128),
    vectorsOf: (items) => Promise.resolve(new Map(items.map((item) => [item, vectors[item] ?? new Float32Array(2)]))),
    isAlike,
    mayJoin: (item, members) => !members.some((member) => areApart(item, member.item)),
  });
  let step = await steps.next();
  for (; step.done !== true; step = await steps.next());
  return step.value;
}
const itemsOf = (groups: readonly (readonly Member[])[]): readonly (readonly number[])[] =>
  groups.map((group) => group.map(({ item }) => item));

describe("groups", () => {
  it("do not follow chains: all are like the best one", async () => {
    expect(itemsOf(await groupsOf([0, 8, 16, 24, 100]))).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it("take a picture into the group whose best one is most like it", async () => {
    expect(itemsOf(await groupsOf([0, 14, 9]))).toEqual([[1, 2]]);
  });

  it("keep apart what a person kept apart, from every member", async () => {
    expect(itemsOf(await groupsOf([0, 1, 2], (a, b) => a + b === 3))).toEqual([[0, 1]]);
    expect(itemsOf(await groupsOf([0, 1], () => true))).toEqual([]);
  });

  it("hold every picture once, alike to its leader, in any order of any number", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 359 }), { maxLength: 700 }), async (degrees) => {
        const groups = await groupsOf(degrees);
        const items = groups.flatMap((group) => group.map(({ item }) => item));
        expect(new Set(items).size).toBe(items.length);
        for (const [leader, ...members] of groups) {
          expect(members.length).toBeGreaterThan(0);
          for (const { item } of members) {
            const difference = Math.abs((degrees[leader?.item ?? 0] ?? 0) - (degrees[item] ?? 0));
            expect(Math.min(difference, 360 - difference)).toBeLessThanOrEqual(10);
            expect(item).toBeGreaterThan(leader?.item ?? Infinity);
          }
        }
      }),
      { numRuns: 20 },
    );
  });
});
