import { describe, expect, test } from "vitest";
import { goldenCheckpoint } from "../../../tests/support/goldens";
import { openModel, type ModelFolder } from "../models/model-folder";
import { assertRunsOn, findMetric, metrics, metricsOf } from "./registry";

const namesOf = (model: ModelFolder): readonly string[] => metricsOf(model).map(({ name }) => name);

describe("a model enables", () => {
  test.each([
    { checkpoint: "clip-vit-tiny", enables: ["clip-aas", "clip-i", "clip-features"] },
    { checkpoint: "dinov2-tiny", enables: ["dinov2-aas", "dinov2-cls", "dinov2-features"] },
    { checkpoint: "sd15-tiny", enables: ["diffsim-s"] },
    { checkpoint: "dinov2-tiny/hub", enables: ["dinov2-aas", "dinov2-cls", "dinov2-features", "foreground-features"] },
    { checkpoint: "dino-vits8-tiny", enables: ["dino-v1", "dino-v1-aas"] },
    { checkpoint: "dino-vits8-tiny/hub", enables: ["dino-v1", "dino-v1-aas"] },
    { checkpoint: "vgg16-tiny", enables: ["lpips"] },
    { checkpoint: "vgg19-tiny", enables: ["vgg-gram"] },
  ])("$checkpoint", async ({ checkpoint, enables }) => {
    expect(namesOf(await openModel(goldenCheckpoint(checkpoint)))).toEqual(expect.arrayContaining(enables));
  });

  test("nothing while a part of it is missing", async () => {
    const model = { ...(await openModel(goldenCheckpoint("sd15-tiny"))), missing: ["tokenizer/vocab.json"] };
    expect(namesOf(model)).toEqual([]);
    expect(() => assertRunsOn(findMetric("diffsim-s"), model)).toThrow(
      expect.objectContaining({
        code: "checkpoint/incomplete",
        message: "sd15-tiny cannot run diffsim-s: tokenizer/vocab.json is missing.",
      }),
    );
  });

  test("no image embedding without a projection", async () => {
    const model = await openModel(goldenCheckpoint("clip-vit-tiny"));
    const { tensors, ...part } = model.part();
    const unprojected = new Map([...tensors].filter(([name]) => name !== "visual_projection.weight"));
    const names = namesOf({ ...model, part: () => ({ ...part, tensors: unprojected }) });
    expect(names).toContain("clip-aas");
    expect(names).not.toContain("clip-i");
  });
});

test("a model of another family is refused with what the metric needs", async () => {
  const model = await openModel(goldenCheckpoint("dinov2-tiny"));
  expect(() => assertRunsOn(findMetric("clip-i"), model)).toThrow(expect.objectContaining({ code: "checkpoint/unsupported" }));
});

test("names are unique, and one that is not there is told with those that are", () => {
  expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length);
  expect(() => findMetric("paint")).toThrow(expect.objectContaining({ code: "metric/unknown" }));
});

test("a metric that measures a library is a similarity: a search puts the largest score first", () => {
  const measuring = metrics.filter((metric) => metric.createExtractor !== undefined);
  expect(measuring.filter(({ direction }) => direction === "distance")).toEqual([]);
});
