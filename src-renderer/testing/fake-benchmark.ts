/** @file A set of judgements, what a run found and its triplets, as the engine answers them. For tests. */
import type { BenchmarkMetric, BenchmarkResult, BenchmarkSet, BenchmarkTriplet } from "#shared/domain/benchmark";
import { fakeAsset } from "./fake-engine";

/** A published set that was run to its end. */
export function fakeSet(change: Partial<BenchmarkSet> = {}): BenchmarkSet {
  return {
    id: "nights-0123456789abcdef",
    kind: "layout",
    title: "NIGHTS",
    folder: "/sets/nights",
    layout: "nights",
    triplets: 100,
    partial: null,
    notes: ["The published figures are of the split val."],
    skipped: [{ reason: "a row of the split train", count: 7 }],
    jobId: null,
    latest: { metric: "ensemble", accuracy: 0.9, judged: 100, finishedMs: 1 },
    ...change,
  };
}

function metric(name: string, title: string, correct: number): BenchmarkMetric {
  const accuracy = correct / 100;
  return {
    metric: name,
    title,
    model: name === "ensemble" ? null : `${name} model`,
    settings: null,
    ...{ accuracy, correct, total: 100, ties: 1, interval: [accuracy - 0.05, accuracy + 0.05] },
    published: null,
    groups: [],
    calibration: null,
  };
}

/** What three voters found; `change` states what a test is about. */
export function fakeResult(change: Partial<BenchmarkResult> = {}): BenchmarkResult {
  return {
    set: fakeSet(),
    mode: "corrected",
    judged: 100,
    total: 100,
    finishedMs: 1,
    metrics: [
      metric("ensemble", "Vote of three", 90),
      metric("diffsim-s", "DiffSim", 85),
      metric("clip-i", "CLIP", 80),
      metric("dinov2-cls", "DINOv2", 88),
    ],
    mcnemar: [
      { a: "clip-i", b: "dinov2-cls", onlyA: 2, onlyB: 10, p: 0.039 },
      { a: "diffsim-s", b: "clip-i", onlyA: 9, onlyB: 4, p: 0.27 },
    ],
    votes: {
      voters: [
        { metric: "diffsim-s", letter: "D" },
        { metric: "clip-i", letter: "C" },
        { metric: "dinov2-cls", letter: "N" },
      ],
      combinations: [
        { right: [true, true, true], count: 70 },
        { right: [true, false, true], count: 12 },
        { right: [false, false, false], count: 3 },
      ],
    },
    ...change,
  };
}

/** A triplet on which CLIP alone chose the wrong picture; the library has its pictures when `isInLibrary`. */
export function fakeTriplet(index: number, isInLibrary = false): BenchmarkTriplet {
  const picture = (name: string, place: number) => ({
    path: `/sets/nights/${name}-${index}.png`,
    assetId: isInLibrary ? fakeAsset(3 * index + place).id : null,
  });
  return {
    index,
    reference: picture("ref", 0),
    a: picture("left", 1),
    b: picture("right", 2),
    choice: "b",
    group: "val",
    decisions: [
      { metric: "diffsim-s", a: 0.5, b: 0.6, chose: "b" },
      { metric: "clip-i", a: 0.8, b: 0.7, chose: "a" },
      { metric: "dinov2-cls", a: 0.1, b: 0.4, chose: "b" },
      { metric: "ensemble", a: null, b: null, chose: "b" },
    ],
  };
}
