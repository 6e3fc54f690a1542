/** @file The bundled starter model against its reference forward pass. */
import { describe, expect, test } from "vitest";
import { starterStyle, starterSubject } from "#main/ml/metrics/starter/starter-metrics";
import { createSessionPool } from "#main/ml/runtime/session-pool";
import { goldenCases } from "../support/goldens";
import { expectTensors, goldenPair } from "../support/golden-vision";

interface Outputs {
  readonly style_cosine: number;
  readonly subject_cosine: number;
  readonly style_token_aas: { readonly a_on_b: number; readonly b_on_a: number };
  readonly subject_token_aas: { readonly a_on_b: number; readonly b_on_a: number };
}

const context = { checkpoint: null, runtime: { device: "cpu", threads: 1 }, sessions: createSessionPool() } as const;

describe.each(goldenCases("starter"))("$id", (golden) => {
  const expected = golden.outputs as unknown as Outputs;
  const tolerance = golden.tolerance["score"] ?? 0;

  test.each([
    { metric: starterStyle, cosine: expected.style_cosine, aas: expected.style_token_aas },
    { metric: starterSubject, cosine: expected.subject_cosine, aas: expected.subject_token_aas },
  ])("$metric.name: head cosine and token AAS", async ({ metric, cosine, aas }) => {
    const [a, b] = await goldenPair(golden.images);
    const comparison = await metric.comparePair(context, a, b, { keepTensors: true });
    expect(Math.abs(comparison.score - cosine)).toBeLessThanOrEqual(tolerance);
    expect(Math.abs((comparison.directions.ab ?? Number.NaN) - aas.a_on_b)).toBeLessThanOrEqual(tolerance);
    expect(Math.abs((comparison.directions.ba ?? Number.NaN) - aas.b_on_a)).toBeLessThanOrEqual(tolerance);
    await expectTensors(golden, comparison);
  });

  test("stored features score as a fresh comparison does, and point at patches", async () => {
    const [a, b] = await goldenPair(golden.images);
    const extractor = await starterStyle.createExtractor?.(context, {});
    const [query, target] = (await extractor?.extract([a, b])) ?? [];
    if (extractor === undefined || query === undefined || target === undefined) throw new Error("the starter extracts features");
    const [score] = await extractor.score(query, [target]);
    expect(score?.score).toBeCloseTo(expected.style_cosine, 4);
    expect(score?.directions.ab).toBeCloseTo(expected.style_token_aas.a_on_b, 4);
    expect(score?.a?.grid).toEqual({ rows: 14, columns: 14 });
    expect(score?.a?.heat).toHaveLength(196);
    expect(score?.b?.match.every((patch) => patch >= 0 && patch < 196)).toBe(true);
  });
});

test("style and subject share one forward pass per picture", async () => {
  const counted = { ...context.sessions, runs: 0 };
  const sessions: typeof context.sessions = {
    ...context.sessions,
    get: async (graph, options) => {
      const session = await context.sessions.get(graph, options);
      return { ...session, run: (feeds) => ((counted.runs += "pixel_values" in feeds ? 1 : 0), session.run(feeds)) };
    },
  };
  const extractors = await Promise.all(
    [starterStyle, starterSubject].map((metric) => metric.createExtractor?.({ ...context, sessions }, {})),
  );
  const [image] = await goldenPair(["pp-figure-1.png", "pp-figure-2.png"]);
  const features = await Promise.all(extractors.map((extractor) => extractor?.extract([image])));
  expect(counted.runs).toBe(1);
  expect(features[0]?.[0]?.pooled).not.toEqual(features[1]?.[0]?.pooled);
});
