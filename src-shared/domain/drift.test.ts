/** @file What is said of groups of pictures: where a character breaks, and when nothing can be said. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DriftPoint, driftOf } from "./drift";

/** Pictures by their weight, each with its scores. */
function weighed(scoresOf: Readonly<Record<string, readonly number[]>>): readonly DriftPoint[] {
  return Object.entries(scoresOf).flatMap(([text, scores]) => scores.map((score) => ({ value: { text, number: Number(text) }, score })));
}

const named = (scoresOf: Readonly<Record<string, readonly number[]>>): readonly DriftPoint[] =>
  weighed(scoresOf).map(({ value, score }) => ({ value: { text: value?.text ?? "", number: null }, score }));

describe("values that are numbers", () => {
  const early = { "1": [0.61, 0.6, 0.62], "0.4": [0.7, 0.9], "0.9": [0.8, 0.82, 0.81], "0.7": [0.84, 0.85] };

  it("come in order, with mean and members", () => {
    const { groups } = driftOf(weighed(early), 0.75);
    expect(groups.map(({ value }) => value.number)).toEqual([0.4, 0.7, 0.9, 1]);
    expect(groups[2]?.mean).toBeCloseTo(0.81, 12);
    expect(groups.map(({ members }) => members.length)).toEqual([2, 2, 3, 3]);
  });

  it("break between the last that reaches the cut-off and the first that surely does not", () => {
    expect(driftOf(weighed(early), 0.75).finding).toEqual({ kind: "breaks", last: 2, from: 3 });
    const doubtful = { ...early, "0.95": [0.5, 0.9, 0.8], "1.1": [0.5] };
    expect(driftOf(weighed(doubtful), 0.75).finding).toEqual({ kind: "breaks", last: 2, from: 4 });
  });

  it("do not break where they come back, or where two pictures differ too much to say", () => {
    expect(driftOf(weighed({ ...early, "1.1": [0.8, 0.81] }), 0.75).finding).toEqual({ kind: "unclear" });
    expect(driftOf(weighed({ "0.4": [0.8, 0.82], "0.9": [0.5, 0.74] }), 0.75).finding).toEqual({ kind: "unclear" });
  });

  it("hold, lie below, or have no cut-off", () => {
    expect(driftOf(weighed(early), 0.5).finding).toEqual({ kind: "holds" });
    expect(driftOf(weighed(early), 0.95).finding).toEqual({ kind: "below" });
    expect(driftOf(weighed(early), null).finding).toEqual({ kind: "no-cutoff" });
  });

  it("with one picture each are too few to say", () => {
    const one = driftOf(weighed({ "0.4": [0.9], "0.9": [0.8], "1": [0.2] }), 0.75);
    expect(one.finding).toEqual({ kind: "too-few" });
    expect(one.groups.map(({ interval }) => interval)).toEqual([null, null, null]);
  });
});

describe("values that are names", () => {
  it("come best first, and differ where the means do beyond doubt", () => {
    const { groups, finding } = driftOf(named({ euler: [0.5, 0.51, 0.52], ddim: [0.8, 0.81, 0.82] }), null);
    expect(groups.map(({ value }) => value.text)).toEqual(["ddim", "euler"]);
    expect(finding).toEqual({ kind: "differs" });
    expect(driftOf(named({ euler: [0.5, 0.9, 0.7], ddim: [0.8, 0.4, 0.82] }), null).finding).toEqual({ kind: "no-difference" });
  });
});

it("pictures without a value or a score are in no group, and those without a value are counted", () => {
  const points = [...weighed({ "0.4": [0.8] }), { value: null, score: 0.5 }, { value: { text: "1", number: 1 }, score: null }];
  expect(driftOf(points, null)).toMatchObject({ groups: [{ members: [0] }], without: 1 });
});

it("the order of pictures changes nothing that is said", () => {
  const points = fc.array(
    fc.record({
      value: fc.option(fc.integer({ min: 0, max: 4 }).map((number) => ({ text: String(number), number }))),
      // Sums of eighths are exact in any order.
      score: fc.option(fc.integer({ min: 0, max: 8 }).map((eighths) => eighths / 8)),
    }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(points, fc.integer({ min: 0, max: 8 }), (all, eighths) => {
      const said = driftOf(all, eighths / 8);
      const turned = driftOf([...all].reverse(), eighths / 8);
      expect(turned.finding).toEqual(said.finding);
      expect(turned.groups.map(({ value, members }) => [value.text, members.length])).toEqual(
        said.groups.map(({ value, members }) => [value.text, members.length]),
      );
      expect(said.groups.flatMap(({ members }) => members)).toHaveLength(
        all.filter(({ value, score }) => value !== null && score !== null).length,
      );
    }),
  );
});
