import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { measuredOf } from "../../tests/support/checks";
import type { CheckCombine, MeasuredCheck } from "./check";
import { calibrate, calibrationOf, errorRates, shareBelow } from "./check-calibration";

const score = fc.double({ min: -1, max: 1, noNaN: true });
const genuineScores = fc.array(score, { minLength: 2, maxLength: 40 });
const impostorScores = fc.array(score, { minLength: 4, maxLength: 300 });
const combines = fc.constantFrom<CheckCombine>("mean", "max", "min", "harmonic", "geometric");

function range(count: number, from: number, to: number): number[] {
  return Array.from({ length: count }, (_, index) => from + ((to - from) * index) / Math.max(1, count - 1));
}

const atLeast = (scores: readonly number[], cut: number): number => scores.filter((each) => each >= cut).length / scores.length;

describe("suggested cuts", () => {
  test("accept what 95 in 100 references and at most 1 in 100 impostors reach; reject what is below both", () => {
    fc.assert(
      fc.property(genuineScores, impostorScores, (genuine, impostors) => {
        const { suggested, falseAccept, falseReject } = calibrate(genuine, impostors);
        const { accept, reject } = suggested ?? { accept: Number.NaN, reject: Number.NaN };
        expect(reject).toBeLessThanOrEqual(accept);
        expect(atLeast(impostors, accept)).toBeLessThanOrEqual(0.01);
        expect(atLeast(genuine, reject)).toBeGreaterThanOrEqual(0.95);
        expect(falseAccept?.rate).toBe(atLeast(impostors, accept));
        expect(falseReject?.rate).toBeCloseTo(1 - atLeast(genuine, reject), 12);
      }),
    );
  });

  test("leave the gap undecided where references and impostors lie apart, and the overlap where they do not", () => {
    const apart = calibrate(range(8, 0.6, 0.9), range(200, -0.2, 0.3));
    expect(apart.standing).toBe("separate");
    // Mean 0.75, deviation 0.105, t 1.895 at 7 degrees of freedom.
    expect(apart.suggested?.accept).toBeCloseTo(0.539, 3);
    expect(apart.suggested?.reject).toBeCloseTo(0.3, 2);
    const mixed = calibrate(range(20, 0.1, 0.9), range(200, -0.2, 0.5));
    expect(mixed.standing).toBe("overlapping");
    expect(mixed.suggested?.reject).toBeCloseTo(0.142, 3);
    expect(mixed.suggested?.accept).toBeCloseTo(0.5, 2);
  });

  test("follow the scores: no scale is built in", () => {
    fc.assert(
      fc.property(genuineScores, impostorScores, fc.constantFrom(0.5, 2, 4), (genuine, impostors, factor) => {
        const plain = calibrate(genuine, impostors);
        const scaled = calibrate(
          genuine.map((each) => factor * each),
          impostors.map((each) => factor * each),
        );
        expect(scaled.standing).toBe(plain.standing);
        expect(scaled.suggested?.accept).toBeCloseTo(factor * (plain.suggested?.accept ?? 0), 9);
        expect(scaled.suggested?.reject).toBeCloseTo(factor * (plain.suggested?.reject ?? 0), 9);
      }),
    );
  });

  test("more impostors of the same kind move no cut and narrow the interval", () => {
    fc.assert(
      fc.property(genuineScores, impostorScores, fc.integer({ min: 2, max: 5 }), (genuine, impostors, times) => {
        const few = calibrate(genuine, impostors);
        const many = calibrate(genuine, Array.from({ length: times }, () => impostors).flat());
        expect(many.suggested).toEqual(few.suggested);
        expect(widthOf(many)).toBeLessThan(widthOf(few));
      }),
    );
  });

  test("an impostor that is like nothing makes a false acceptance less likely", () => {
    const { suggested, falseAccept, ...sides } = calibrate(range(8, 0.6, 0.9), range(200, -0.2, 0.3));
    const more = errorRates({ ...sides, impostors: [-1, ...sides.impostors] }, suggested ?? { accept: 1, reject: 1 });
    expect(more.falseAccept?.interval[1]).toBeLessThan(falseAccept?.interval[1] ?? 0);
  });
});

function widthOf({ falseAccept }: Pick<ReturnType<typeof calibrate>, "falseAccept">): number {
  const [low, high] = falseAccept?.interval ?? [0, 0];
  return high - low;
}

describe("too little to conclude from", () => {
  test("one reference: cuts come from the rarity among impostors alone, and nothing is said of false rejections", () => {
    const { suggested, falseAccept, falseReject, standing } = calibrate([], range(200, 0, 1));
    expect(standing).toBe("one-reference");
    expect(suggested?.accept).toBeCloseTo(0.99, 2);
    expect(suggested?.reject).toBeCloseTo(0.05, 2);
    expect(falseAccept?.rate).toBe(0.01);
    expect(falseReject).toBeNull();
  });

  test("three references are few: even without an error more than half could be rejected", () => {
    const three = calibrate([0.7, 0.8, 0.9], range(200, 0, 0.5));
    expect(three.standing).toBe("few-references");
    expect(three.falseReject?.interval[1]).toBeGreaterThan(0.5);
    expect(calibrate([0.6, 0.7, 0.8, 0.9], range(200, 0, 0.3)).standing).toBe("separate");
  });

  test("few impostors: the cut lies above all of them; without any, no cut is suggested", () => {
    const few = calibrate(range(8, 0.6, 0.9), range(99, 0, 0.5));
    expect(few.standing).toBe("few-impostors");
    expect(few.suggested?.reject).toBeGreaterThan(0.5);
    expect(few.suggested?.reject).toBeCloseTo(0.5, 12);
    expect(calibrate(range(8, 0.6, 0.9), range(100, 0, 0.5)).standing).toBe("separate");
    const none = calibrate(range(8, 0.6, 0.9), []);
    expect(none).toMatchObject({ standing: "few-impostors", suggested: null, falseAccept: null, falseReject: null });
    expect(calibrate([], [])).toMatchObject({ standing: "nothing", suggested: null });
  });
});

/** Cosine-like scores of n pictures with one another, from a seed. */
function checkOf(references: number, impostors: number, seed: number): MeasuredCheck {
  const like = (a: number, b: number): number => Math.sin(1 + seed + a * 12.9898 + b * 78.233);
  const indices = Array.from({ length: references }, (_, index) => index);
  return measuredOf({
    references: indices.map((i) => indices.map((j) => (i === j ? 1 : like(Math.min(i, j), Math.max(i, j))))),
    impostors: Array.from({ length: impostors }, (_, i) => indices.map((j) => like(i + 100, j) / 2)),
  });
}

/** The same check with its references in another order, or with the one at a place again at the end. */
function arranged(measured: MeasuredCheck, order: readonly number[]): MeasuredCheck {
  const pick = <T>(list: readonly T[]): T[] => order.map((index) => list[index] as T);
  return {
    ...measured,
    references: pick(measured.references).map(pick),
    groups: pick(measured.groups),
    impostors: measured.impostors.map(pick),
  };
}

describe("the calibration of a check", () => {
  const sizes = [fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 60 }), fc.nat(1000)] as const;

  test("is the same for files in any order", () => {
    fc.assert(
      fc.property(...sizes, combines, (references, impostors, seed, combine) => {
        const measured = checkOf(references, impostors, seed);
        const order = Array.from({ length: references }, (_, index) => (index * 7 + seed) % references);
        const isOrder = new Set(order).size === references;
        const turned = arranged(measured, isOrder ? order : [...order.keys()].reverse());
        const shuffled = { ...turned, impostors: [...turned.impostors].reverse() };
        expect(calibrationOf(shuffled, combine)).toEqual(calibrationOf(measured, combine));
      }),
    );
  });

  test("is not moved by a reference that is there twice", () => {
    fc.assert(
      fc.property(...sizes, combines, (references, impostors, seed, combine) => {
        const measured = checkOf(references, impostors, seed);
        const twice = arranged(measured, [...measured.groups.keys(), seed % references]);
        expect(calibrationOf(twice, combine)).toEqual(calibrationOf(measured, combine));
      }),
    );
  });

  test("leaves out what has no score", () => {
    const measured = measuredOf({ references: [[1, 0.5, null], [0.5, 1, null], [null, null, null]], impostors: [[0.1, 0.2, null], [null, null, null]] }); // prettier-ignore
    expect(calibrationOf(measured, "mean")).toMatchObject({ genuine: [0.5, 0.5], impostors: [expect.closeTo(0.15, 12)] });
  });
});

test("a share of scores that lie below another", () => {
  expect(shareBelow([], 0.5)).toBeNull();
  expect([0, 0.1, 0.25, 9].map((each) => shareBelow([0.1, 0.2, 0.2, 0.3], each))).toEqual([0, 0, 0.75, 1]);
});
