import { expect, test } from "vitest";
import { colourDistance, colourNameOf, okLabOf } from "./colour";

test.each([
  ["#000000", "black"],
  ["#1a1a1a", "black"],
  ["#808080", "grey"],
  ["#ffffff", "white"],
  ["#ff0000", "red"],
  ["#c04030", "red"],
  ["#ffa500", "orange"],
  ["#8b4513", "brown"],
  ["#5c4033", "brown"],
  ["#ffff00", "yellow"],
  ["#008000", "green"],
  ["#00ff00", "green"],
  ["#556b2f", "green"],
  ["#00ffff", "cyan"],
  ["#008080", "cyan"],
  ["#0000ff", "blue"],
  ["#87ceeb", "blue"],
  ["#000080", "blue"],
  ["#800080", "purple"],
  ["#8a2be2", "purple"],
  ["#ffc0cb", "pink"],
  ["#ff69b4", "pink"],
])("%s is %s", (colour, name) => {
  expect(colourNameOf(okLabOf(colour))).toBe(name);
});

test("OKLab as published: white is 1, 0, 0 and black to white is 1", () => {
  const white = okLabOf("#ffffff");
  expect(white.lightness).toBeCloseTo(1, 4);
  expect(Math.hypot(white.a, white.b)).toBeLessThan(1e-4);
  expect(colourDistance(okLabOf("#000000"), white)).toBeCloseTo(1, 4);
  expect(okLabOf("#ff0000")).toMatchObject({ lightness: expect.closeTo(0.628, 3) as number, a: expect.closeTo(0.2249, 3) as number });
});
