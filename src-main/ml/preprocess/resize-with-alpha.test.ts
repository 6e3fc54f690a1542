import { expect, test } from "vitest";
import type { MaskImage, RawImage } from "../../platform/raw-image";
import { resize } from "./resize";
import { resizeWithAlpha } from "./resize-with-alpha";

const size = { width: 3, height: 2 };
const bicubic = { filter: "bicubic" } as const;

/** Red on the left, green on the right, 8 x 4. */
const halves: RawImage = {
  width: 8,
  height: 4,
  data: Uint8Array.from({ length: 8 * 4 * 3 }, (_, i) => (i % 3 === (Math.floor(i / 3) % 8 < 4 ? 0 : 1) ? 200 : 0)),
};
const alphaOf = (opacity: (column: number) => number): MaskImage => ({
  width: 8,
  height: 4,
  data: Uint8Array.from({ length: 8 * 4 }, (_, i) => opacity(i % 8)),
});

test("an opaque picture is resized as one without transparency", () => {
  expect(
    resizeWithAlpha(
      halves,
      alphaOf(() => 255),
      size,
      bicubic,
    ),
  ).toEqual(resize(halves, size, bicubic));
});

test("hidden colours do not bleed into visible ones", () => {
  const hidden = resizeWithAlpha(
    halves,
    alphaOf((column) => (column < 4 ? 255 : 0)),
    size,
    bicubic,
  );
  // The place in the middle is red and transparent; only its red counts.
  expect([...hidden.data.subarray(3, 6)]).toEqual([expect.closeTo(200, -1), 0, 0]);
  expect(resize(halves, size, bicubic).data[4]).toBeGreaterThan(50);
});

test("where nothing is visible it is black", () => {
  const nothing = resizeWithAlpha(
    halves,
    alphaOf(() => 0),
    size,
    bicubic,
  );
  expect(new Set(nothing.data)).toEqual(new Set([0]));
});
