/** @file All pairs of a shelf, whether its features fit into memory or come in blocks from the disk. */
import { expect, test } from "vitest";
import { createFeatureShelf } from "./feature-shelf";
import { pairsOf, scoreAllPairs } from "./pair-scores";

test.each([2 ** 20, 40])("every pair is scored once and stands at both its places (%i bytes of memory)", async (memoryBytes) => {
  const count = 70;
  const shelf = createFeatureShelf(memoryBytes);
  for (let picture = 0; picture < count; picture++) await shelf.add({ pooled: Float32Array.of(picture), attention: null });
  let asked = 0;
  const steps = scoreAllPairs(shelf, (query, targets) => {
    asked += targets.length;
    return Promise.resolve(targets.map(({ features }) => (query.features.pooled[0] ?? 0) * 100 + (features.pooled[0] ?? 0)));
  });
  const done: number[] = [];
  let step = await steps.next();
  for (; step.done !== true; step = await steps.next()) done.push(step.value);
  await shelf.dispose();
  expect(shelf.blocks().length > 1).toBe(memoryBytes === 40);
  expect([asked, done.at(-1)]).toEqual([pairsOf(count), pairsOf(count)]);
  expect(step.value).toEqual(
    Array.from({ length: count }, (_, a) => Array.from({ length: count }, (_unused, b) => Math.min(a, b) * 100 + Math.max(a, b))),
  );
});
