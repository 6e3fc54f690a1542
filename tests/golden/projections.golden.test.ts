/** @file Feature maps as colours, segments and lengths, against scikit-learn and the published pictures. */
import { describe, expect, test } from "vitest";
import { projectToColours } from "#main/ml/maps/colour-projection";
import { mapOfChannels } from "#main/ml/maps/feature-map";
import { principalComponents } from "#main/ml/maps/principal-components";
import { refineClusters } from "#main/ml/maps/segments";
import { tileNorms } from "#main/ml/maps/tile-mask";
import { rowsOf } from "#main/ml/maps/vector-rows";
import { tensor, type Tensor } from "#main/ml/tensor/tensor";
import { largestDifference } from "../support/compare-tensors";
import { goldenTensor, readGoldenTensors } from "../support/golden-tensors";
import { expectRelative } from "../support/golden-vision";
import { goldenCases } from "../support/goldens";

const cases = goldenCases("projections");

test("no case is lost", () => expect(cases).toHaveLength(3));

describe.each(cases.map((golden) => [golden.id, golden] as const))("%s", (_id, golden) => {
  const stored = readGoldenTensors(golden);
  const { outputs, parameters } = golden;
  const tolerance = golden.tolerance["tensors"] ?? 0;
  const { shape, data } = goldenTensor(stored, "features", Float32Array);
  const map = mapOfChannels(shape, data);
  const expected = (name: string): Tensor => tensor(stored.get(name)?.shape ?? [], goldenTensor(stored, name, Float32Array).data);
  const expectTensor = (name: string, actual: Float32Array): void =>
    expect(largestDifference(tensor(expected(name).shape, actual), expected(name))).toBeLessThanOrEqual(tolerance);

  test("principal components, and the signs of both versions", () => {
    const { mean, components, variances, shares } = principalComponents(rowsOf(map), parameters["components"] as number);
    expectTensor("mean", mean);
    expectTensor("components", joined(components));
    expectRelative(variances, outputs["explained_variance"] as readonly number[], tolerance);
    expectRelative(shares, outputs["explained_variance_ratio"] as readonly number[], tolerance);
    const published = projectToColours([{ map, mask: null }], "published");
    const signs = published.components.map((component, k) => Math.sign(component[0] ?? 0) * Math.sign(components[k]?.[0] ?? 0));
    expect(signs).toEqual(outputs["sign_sklearn_before_1_5"]);
  });

  test("the picture in colours", () => {
    const { projections, pictures } = projectToColours([{ map, mask: null }]);
    expectTensor("projection", projections[0] ?? new Float32Array());
    const picture = goldenTensor(stored, "picture", Int32Array).data;
    const differences = picture.map((value, i) => Math.abs(value - (pictures[0]?.[i] ?? Infinity)));
    expect(Math.max(...differences)).toBeLessThanOrEqual(golden.tolerance["picture"] ?? 0);
  });

  test("k-means from the stored centroids", () => {
    const start = goldenTensor(stored, "init", Float32Array);
    const [k = 0, channels = 0] = start.shape;
    const centroids = Array.from({ length: k }, (_, cluster) => start.data.subarray(cluster * channels, (cluster + 1) * channels));
    const found = refineClusters(rowsOf(map), centroids);
    expect([...found.labels]).toEqual((outputs["labels"] as readonly number[][]).flat());
    expectTensor("centroids", joined(found.centroids));
    expectRelative([found.inertia], [outputs["inertia"] as number], tolerance);
    expect(found.iterations).toBe(outputs["iterations"]);
  });

  test("lengths", () => {
    const norms = tileNorms(map);
    expectTensor("norm", norms);
    expectRelative([Math.min(...norms), Math.max(...norms)], [outputs["norm_min"] as number, outputs["norm_max"] as number], tolerance);
  });
});

function joined(vectors: readonly Float32Array[]): Float32Array {
  return Float32Array.from(vectors.flatMap((vector) => [...vector]));
}
