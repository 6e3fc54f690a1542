import { describe, expect, test } from "vitest";
import { valueColours } from "./canvas";
import { cividis } from "./cividis";
import { divergingColour, kindColour, wheelColour } from "./colours";

const luma = ([red, green, blue]: readonly [number, number, number]) => 0.299 * red + 0.587 * green + 0.114 * blue;

test("signed values: blue below 0, orange above, near-white between, equally strong both ways", () => {
  const [below, middle, above] = [divergingColour(-1), divergingColour(0), divergingColour(1)];
  expect(below[2]).toBeGreaterThan(below[0]);
  expect(above[0]).toBeGreaterThan(above[2]);
  expect(Math.min(...middle)).toBeGreaterThan(235);
  expect(Math.abs(luma(below) - luma(above))).toBeLessThan(20);
  expect(divergingColour(7)).toEqual(above);
});

describe("kinds and places", () => {
  test("up to a dozen kinds have colours that are apart", () => {
    const colours = Array.from({ length: 12 }, (_, kind) => kindColour(kind, 12));
    const distances = colours.flatMap((one, i) =>
      colours.slice(0, i).map((other) => Math.hypot(...one.map((x, c) => x - (other[c] ?? 0)))),
    );
    expect(Math.min(...distances)).toBeGreaterThan(40);
  });

  test("the wheel is grey in the middle and opposite at its sides", () => {
    const [red, green, blue] = wheelColour(0, 0);
    expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(3);
    const [right, left] = [wheelColour(1, 0), wheelColour(-1, 0)];
    expect(right[0] - right[2]).toBeGreaterThan(20);
    expect(left[0] - left[2]).toBeLessThan(-20);
  });
});

test("what is no number has the colour of the lower end", () => {
  const colourOf = valueColours(Float32Array.of(1, Number.NaN, 3), { low: 1, high: 3 });
  expect([colourOf(0), colourOf(1), colourOf(2)]).toEqual([cividis(0), cividis(0), cividis(1)]);
});
