import { expect, test } from "vitest";
import { samplePath } from "../services/library-service";
import { readSampleSet } from "./sample-sets";

const labelsOf = (file: string): readonly (string | undefined)[] => file.replace(".webp", "").split("--");

test.each(["sample-style", "sample-subject"] as const)("%s: the right picture shares the asked label alone, on either side", async (id) => {
  const { triplets, notes } = await readSampleSet(samplePath(), id);
  expect(triplets).toHaveLength(160);
  expect(new Set(triplets.map((triplet) => JSON.stringify(triplet))).size).toBe(160);
  expect(notes[0]).toContain("No people were asked.");
  const [asked, other] = id === "sample-style" ? [1, 0] : [0, 1];
  for (const { reference, a, b, choice, group } of triplets) {
    const [wanted, right, wrong] = [reference, choice === "a" ? a : b, choice === "a" ? b : a].map(labelsOf);
    // Labels of the drawn character stand in the manifest alone.
    if ([wanted, right, wrong].some((labels) => labels?.length !== 2)) continue;
    expect([right?.[asked], wrong?.[asked] === wanted?.[asked]]).toEqual([wanted?.[asked], false]);
    expect(right?.[other]).not.toBe(wanted?.[other]);
    expect(wrong?.[other] === wanted?.[other]).toBe(group?.endsWith("against it"));
  }
  const share = triplets.filter(({ choice }) => choice === "a").length / 160;
  expect(share).toBeGreaterThan(0.4);
  expect(share).toBeLessThan(0.6);
  expect((await readSampleSet(samplePath(), id)).triplets).toEqual(triplets);
});
