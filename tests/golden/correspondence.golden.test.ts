/** @file Corresponding points and PCK as DIFT, CleanDIFT and generic-diffusion-feature compute them. */
import { describe, expect, test } from "vitest";
import { averageKeypoints, judgeKeypoints, type KeypointBox, longerSide } from "#main/ml/maps/correct-keypoints";
import {
  type Correspondence,
  correspondingPoints,
  correspondingPointsInSquare,
  cosineField,
  type MappedPicture,
  type Point,
} from "#main/ml/maps/correspondence";
import { mapOfChannels } from "#main/ml/maps/feature-map";
import { tensor } from "#main/ml/tensor/tensor";
import { largestDifference } from "../support/compare-tensors";
import { goldenTensor, readGoldenTensors } from "../support/golden-tensors";
import { expectNumbers } from "../support/golden-vision";
import { goldenCases } from "../support/goldens";

const cases = goldenCases("correspondence");
/** Where the next best pixel is less than this behind, rounding decides which one is found. */
const tieGap = 1e-6;

type Numbers = readonly (readonly [number, number])[];
interface Outputs {
  readonly dift: {
    readonly predicted_xy: Numbers;
    readonly cosine: readonly number[];
    readonly runner_up_gap: readonly number[];
    readonly distances: readonly number[];
    readonly correct_bbox: readonly boolean[];
    readonly correct_img: readonly boolean[];
    readonly pck_bbox_per_image_percent: number;
    readonly pck_bbox_per_point_percent: number;
    readonly pck_img: number;
  };
  readonly cleandift: { readonly predicted_xy: Numbers };
  readonly gdf: {
    readonly load_size: number;
    readonly predicted_yx: Numbers;
    readonly distances: readonly number[];
    readonly correct_bbox: readonly boolean[];
    readonly correct_img: readonly boolean[];
    readonly pck_bbox: number;
    readonly pck_img: number;
  };
}

test("no case is lost", () => expect(cases).toHaveLength(2));

describe.each(cases.map((golden) => [golden.id, golden] as const))("%s", (_id, golden) => {
  const tensors = readGoldenTensors(golden);
  const { parameters, tolerance } = golden;
  const { dift, cleandift, gdf } = golden.outputs as unknown as Outputs;
  const pictureOf = (side: "src" | "trg"): MappedPicture => {
    const { shape, data } = goldenTensor(tensors, `${side}_ft`, Float32Array);
    const [width = 0, height = 0] = parameters[`${side}_size`] as readonly number[];
    return { map: mapOfChannels(shape, data), size: { width, height } };
  };
  const pointsOf = (numbers: Numbers): readonly Point[] => numbers.map(([x, y]) => ({ x, y }));
  const [source, target] = [pictureOf("src"), pictureOf("trg")];
  const sourcePoints = pointsOf(parameters["src_points"] as Numbers);
  const targetPoints = pointsOf(parameters["trg_points"] as Numbers);
  const alpha = parameters["alpha"] as number;
  const sides = { box: longerSide(parameters["trg_bbox"] as KeypointBox), image: longerSide(target.size) };

  test("the cosine of a point with every pixel", () => {
    const { shape, data } = goldenTensor(tensors, "cosine_map_point0", Float32Array);
    const field = cosineField(source, target)(sourcePoints[0] ?? { x: 0, y: 0 });
    expect(largestDifference(tensor(shape, field), tensor(shape, data))).toBeLessThanOrEqual(tolerance["tensors"] ?? 0);
  });

  test("points at full size", () => {
    const found = correspondingPoints(source, sourcePoints, target);
    expectNumbers(
      found.map(({ cosine }) => cosine),
      dift.cosine,
      tolerance["score"] ?? 0,
    );
    const fieldOf = cosineField(source, target);
    for (const [i, { x, y }] of found.entries()) {
      const published = dift.predicted_xy[i] ?? [0, 0];
      const field = fieldOf(sourcePoints[i] ?? { x: 0, y: 0 });
      const there = field[published[1] * target.size.width + published[0]] ?? 0;
      if ((dift.runner_up_gap[i] ?? 0) > tieGap) expect([x, y]).toEqual(published);
      else expect((found[i]?.cosine ?? 0) - there).toBeLessThanOrEqual(tieGap);
    }
    expect(cleandift.predicted_xy).toEqual(dift.predicted_xy);
  });

  test("PCK per box and per image, averaged over pairs and over points", () => {
    const published = pointsOf(dift.predicted_xy);
    const inBox = judgeKeypoints(published, targetPoints, { alpha, side: sides.box });
    expectNumbers(inBox.distances, dift.distances, 1e-9);
    expect(inBox.correct).toEqual(dift.correct_bbox);
    const average = averageKeypoints([inBox]);
    expect(100 * (average.perPair ?? 0)).toBeCloseTo(dift.pck_bbox_per_image_percent, 9);
    expect(100 * (average.perPoint ?? 0)).toBeCloseTo(dift.pck_bbox_per_point_percent, 9);
    const inImage = judgeKeypoints(published, targetPoints, { alpha, side: sides.image });
    expect(inImage).toMatchObject({ correct: dift.correct_img, share: dift.pck_img });
  });

  test("points in a square of the load size, and their PCK", () => {
    const found = correspondingPointsInSquare(source, sourcePoints, { ...target, side: gdf.load_size });
    const near = (one: Correspondence, [y, x]: readonly [number, number]): boolean => Math.hypot(one.x - x, one.y - y) < 1e-9;
    expect(found.filter((one, i) => !near(one, gdf.predicted_yx[i] ?? [0, 0]))).toEqual([]);
    const inBox = judgeKeypoints(found, targetPoints, { alpha, side: sides.box });
    expectNumbers(inBox.distances, gdf.distances, 1e-4);
    expect(inBox).toMatchObject({ correct: gdf.correct_bbox, share: gdf.pck_bbox });
    const inImage = judgeKeypoints(found, targetPoints, { alpha, side: sides.image });
    expect(inImage).toMatchObject({ correct: gdf.correct_img, share: gdf.pck_img });
  });
});
