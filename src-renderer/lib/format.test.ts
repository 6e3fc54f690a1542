/** @file Numbers as the interface writes them. */
import { expect, test } from "vitest";
import { formatBytes, formatDuration, formatRarity, formatScore, formatSpeed } from "./format";

test.each([
  [formatBytes(999), "999 bytes"],
  [formatBytes(2_940_000), "2.9 MB"],
  [formatBytes(605_000_000), "605 MB"],
  [formatDuration(0.2), "1 s"],
  [formatDuration(480), "8 min"],
  [formatDuration(3570), "1 h"],
  [formatDuration(5400), "1 h 30 min"],
  [formatSpeed(0.68), "0.7"],
  [formatSpeed(38.4), "38"],
  [formatScore(0.8714), "0.871"],
  [formatRarity(0.004, 2000), "1 in 250"],
  [formatRarity(0, 2000), "rarer than 1 in 2,000"],
])("%s", (written, expected) => {
  expect(written).toBe(expected);
});
