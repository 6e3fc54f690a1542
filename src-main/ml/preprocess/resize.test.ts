import fc from "fast-check";
import { expect, test } from "vitest";
import { resampleFilters } from "./resample-filters";
import { resize, resizeSamples } from "./resize";

const filter = fc.constantFrom(...resampleFilters);
const side = fc.integer({ min: 1, max: 40 });
const passOrder = fc.constantFrom("pillow-11" as const, "pillow-13" as const);

const image = fc
  .tuple(side, side)
  .chain(([width, height]) =>
    fc.uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 }).map((data) => ({ width, height, data })),
  );

test("law: the same size gives the same bytes in fresh memory", () => {
  fc.assert(
    fc.property(image, filter, (picture, chosen) => {
      const copy = resize(picture, picture, { filter: chosen });
      expect(copy.data).toEqual(picture.data);
      expect(copy.data.buffer).not.toBe(picture.data.buffer);
    }),
  );
});

test("law: a picture of one colour keeps it at every size", () => {
  fc.assert(
    fc.property(
      fc.tuple(side, side, side, side),
      filter,
      passOrder,
      fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)),
      ([w, h, toW, toH], chosen, order, colour) => {
        const data = new Uint8Array(w * h * 3).map((_, i) => colour[i % 3] ?? 0);
        const resized = resize({ width: w, height: h, data }, { width: toW, height: toH }, { filter: chosen, passOrder: order });
        expect(resized).toMatchObject({ width: toW, height: toH });
        expect(resized.data.length).toBe(toW * toH * 3);
        expect(resized.data.every((value, i) => value === colour[i % 3])).toBe(true);
      },
    ),
  );
});

test("law: bilinear and box stay between the darkest and the brightest sample", () => {
  fc.assert(
    fc.property(image, fc.tuple(side, side), fc.constantFrom("box" as const, "bilinear" as const), (picture, [width, height], chosen) => {
      const { data } = resize(picture, { width, height }, { filter: chosen });
      const values = [...picture.data];
      expect(Math.min(...data)).toBeGreaterThanOrEqual(Math.min(...values));
      expect(Math.max(...data)).toBeLessThanOrEqual(Math.max(...values));
    }),
  );
});

test("law: three channels at once equal three single channels", () => {
  fc.assert(
    fc.property(image, fc.tuple(side, side), filter, (picture, [width, height], chosen) => {
      const together = resize(picture, { width, height }, { filter: chosen });
      for (const channel of [0, 1, 2]) {
        const plane = picture.data.filter((_, i) => i % 3 === channel);
        const alone = resizeSamples({ ...picture, channels: 1, data: plane }, { width, height }, { filter: chosen });
        expect(together.data.filter((_, i) => i % 3 === channel)).toEqual(alone.data);
      }
    }),
  );
});

test("box halving is the rounded mean of two samples", () => {
  const row = resizeSamples(
    { width: 4, height: 1, channels: 1, data: Uint8Array.of(0, 1, 10, 20) },
    { width: 2, height: 1 },
    { filter: "box" },
  );
  expect([...row.data]).toEqual([1, 15]);
});

test("an impossible size is refused", () => {
  const picture = { width: 1, height: 1, data: new Uint8Array(3) };
  expect(() => resize(picture, { width: 0, height: 4 }, { filter: "box" })).toThrow("Cannot resize 1x1 to 0x4");
  expect(() => resize(picture, { width: 1.5, height: 4 }, { filter: "box" })).toThrow();
});
