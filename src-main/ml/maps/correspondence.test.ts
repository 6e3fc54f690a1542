import fc from "fast-check";
import { expect, test } from "vitest";
import { TorchGenerator } from "../random/torch-generator";
import { interpolated, neighboursIn, pixelLengths, vectorAt } from "./bilinear";
import { averageKeypoints, judgeKeypoints } from "./correct-keypoints";
import { correspondingPoints, correspondingPointsInSquare, type MappedPicture, type Point } from "./correspondence";

const picture: MappedPicture = {
  map: { rows: 3, columns: 4, channels: 5, data: new TorchGenerator(1).randn(60) },
  size: { width: 30, height: 21 },
};

test("the lengths of interpolated vectors, without interpolating them", () => {
  const lengths = pixelLengths(picture.map, picture.size);
  const neighbours = neighboursIn(picture.map, picture.size);
  for (const [x, y] of [
    [0, 0],
    [29, 20],
    [13, 7],
    [4, 19],
  ] as const) {
    expect(lengths[y * 30 + x]).toBeCloseTo(Math.hypot(...vectorAt(picture.map, neighbours(x, y))), 5);
  }
});

test("enlarging keeps what is even and reaches the tiles' own values at their centres", () => {
  const numbers = Float64Array.of(1, 2, 3, 4);
  const pixels = interpolated(numbers, { rows: 2, columns: 2 }, { width: 6, height: 6 });
  expect(pixels[0]).toBe(1);
  expect(pixels[7]).toBeCloseTo(1, 12);
  expect(pixels[10]).toBeCloseTo(2, 12);
  expect(pixels[35]).toBe(4);
});

test("law: a point of a picture lies where it is in the picture itself", () => {
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 25 }), fc.integer({ min: 4, max: 16 }), (x, y) => {
      const [found] = correspondingPoints(picture, [{ x, y }], picture);
      expect(found).toMatchObject({ x, y });
      expect(found?.cosine).toBeCloseTo(1, 5);
    }),
    { numRuns: 20 },
  );
});

test("in squares: points are rounded half to even, and stay inside", () => {
  const inSquare = (point: Point, side: number) => correspondingPointsInSquare(picture, [point], { ...picture, side })[0];
  // Pixel 12.5 is 12, and 4.5 is 4.
  expect(inSquare({ x: 15, y: 7 }, 25)?.x).toBeCloseTo((12 * 30) / 25, 9);
  expect(inSquare({ x: 9, y: 7 }, 15)?.x).toBeCloseTo((4 * 30) / 15, 9);
  // The last pixels beyond the middle of the last tile are all alike, so the first of them is found.
  expect(inSquare({ x: 29, y: 20 }, 12)).toMatchObject({ x: (10 * 30) / 12, y: (10 * 21) / 12, cosine: expect.closeTo(1, 5) as number });
});

test("nothing is found where tiles take no part", () => {
  const mask = Uint8Array.of(1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1);
  const [free] = correspondingPoints(picture, [{ x: 11, y: 10 }], picture);
  const [masked] = correspondingPoints(picture, [{ x: 11, y: 10 }], { ...picture, mask });
  expect(free).toMatchObject({ x: 11, y: 10 });
  expect(Math.floor(((masked?.x ?? 0) * 4) / 30) + 4 * Math.floor(((masked?.y ?? 0) * 3) / 21)).not.toBe(5);
});

test("a point outside is refused in one sentence", () => {
  expect(() => correspondingPoints(picture, [{ x: 30, y: 0 }], picture)).toThrow(
    /^The point 30,0 is no pixel of a picture of 30 x 21 pixels\.$/,
  );
});

test("PCK counts the limit itself, and pairs and points apart", () => {
  const origin = [{ x: 0, y: 0 }];
  const judged = (distance: number) => judgeKeypoints([{ x: distance, y: 0 }], origin, { alpha: 0.1, side: 100 });
  expect([judged(10).correct, judged(10.01).correct]).toEqual([[true], [false]]);
  const threeOfThree = judgeKeypoints([...origin, ...origin, ...origin], [...origin, ...origin, ...origin], { alpha: 0.1, side: 100 });
  expect(averageKeypoints([judged(50), threeOfThree])).toEqual({ perPair: 0.5, perPoint: 0.75 });
  expect(averageKeypoints([judgeKeypoints([], [], { alpha: 0.1, side: 1 })])).toEqual({ perPair: null, perPoint: null });
});
