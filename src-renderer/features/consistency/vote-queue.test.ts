import { expect, test } from "vitest";
import { assetIdOf, checkResultOf, measuredOf } from "../../../tests/support/checks";
import { splitCheck } from "#shared/domain/check-split";
import { stepInQueue, voteQueue } from "./vote-queue";

const result = checkResultOf([measuredOf({ references: [[1]], candidates: [[0.1], [0.9], [0.5], [0.7]] })]);
const byHand = new Map([[assetIdOf(2), "accepted" as const]]);
const { rows } = splitCheck(result, { combine: "mean", cutoffs: [null], byHand });
const queue = voteQueue(result, rows, new Set([0, 1, 2].map(assetIdOf)));

test("disputed candidates in the order of the check; decided ones are done", () => {
  expect(queue).toEqual([
    { id: assetIdOf(1), isOpen: true },
    { id: assetIdOf(2), isOpen: false },
    { id: assetIdOf(0), isOpen: true },
  ]);
});

test("steps go from open one to open one, around the end, and come in from anywhere", () => {
  expect(stepInQueue(queue, assetIdOf(1), 1)).toBe(assetIdOf(0));
  expect(stepInQueue(queue, assetIdOf(0), 1)).toBe(assetIdOf(1));
  expect(stepInQueue(queue, assetIdOf(2), -1)).toBe(assetIdOf(1));
  expect(stepInQueue(queue, assetIdOf(3), 1)).toBe(assetIdOf(1));
  expect(stepInQueue(queue, null, -1)).toBe(assetIdOf(0));
});

test("where nothing else is open there is nowhere to go", () => {
  expect(stepInQueue([{ id: assetIdOf(1), isOpen: true }], assetIdOf(1), 1)).toBeNull();
  expect(stepInQueue([], null, 1)).toBeNull();
});
