import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decodeImage } from "#main/data/imaging/decode";
import { readImageHeader } from "#main/data/imaging/header";
import { cropOffset } from "#main/ml/preprocess/crop";
import { diffusionImages, squashToSquare } from "#main/ml/preprocess/diffusion-image";
import { processImages, resizeAndCrop } from "#main/ml/preprocess/image-processor";
import type { ImageProcessorConfig } from "#main/ml/preprocess/image-processor-config";
import {
  clipImageProcessorDefaults,
  imagenetMean,
  imagenetStd,
  parseImageProcessorConfig,
} from "#main/ml/preprocess/image-processor-config";
import type { Float32Tensor } from "#main/ml/tensor/tensor";
import type { RawImage } from "#main/platform/raw-image";
import { readGoldenTensors } from "../support/golden-tensors";
import { goldenCase, goldenCases, goldenFixture, goldenImage } from "../support/goldens";

function sha256(data: Uint8Array | Float32Array): string {
  return createHash("sha256")
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest("hex");
}

describe("decoding is Pillow's, byte for byte", () => {
  interface Decoded {
    readonly size: readonly [number, number];
    readonly exif_orientation: number | null;
    readonly load_image_size: readonly [number, number];
    readonly load_image_sha256: string;
    readonly load_image_first_pixel: readonly number[];
    readonly image_open_convert_rgb?: { readonly size: readonly [number, number]; readonly sha256: string };
  }
  const { outputs } = goldenCase("preprocess", "decode");
  const files = Object.entries(outputs as Record<string, Decoded>);

  test("no file is lost", () => expect(files).toHaveLength(47));

  test.each(files)("%s", async (name, expected) => {
    const image = await decodeImage(goldenImage(name));
    expect([image.width, image.height]).toEqual(expected.load_image_size);
    expect([...image.data.subarray(0, 3)]).toEqual(expected.load_image_first_pixel);
    expect(sha256(image.data)).toBe(expected.load_image_sha256);
    const { width, height } = await readImageHeader(goldenImage(name));
    expect([width, height]).toEqual(expected.load_image_size);
  });

  test.each(files.filter(([name]) => existsSync(goldenFixture(join("cases/preprocess/decoded", `${name}.png`)))))(
    "%s looks like its stored pixels",
    async (name) => {
      const stored = await decodeImage(goldenFixture(join("cases/preprocess/decoded", `${name}.png`)));
      expect(sha256((await decodeImage(goldenImage(name))).data)).toBe(sha256(stored.data));
    },
  );

  const turned = files.filter(([, { image_open_convert_rgb }]) => image_open_convert_rgb !== undefined);
  test.each(turned)("%s without its orientation", async (name, { image_open_convert_rgb: expected }) => {
    const image = await decodeImage(goldenImage(name), { exif: false });
    expect([image.width, image.height]).toEqual(expected!.size);
    expect(sha256(image.data)).toBe(expected!.sha256);
  });
});

interface Processed {
  readonly shape: readonly [number, number, number];
  readonly u8_sha256: string;
  readonly float32_sha256: string;
  readonly samples?: readonly (readonly [channel: number, y: number, x: number, value: number])[];
  readonly error?: string;
}

interface Pipeline {
  readonly bytes: (image: RawImage) => RawImage;
  readonly floats: (image: RawImage) => Float32Tensor;
  readonly exif: boolean;
}

const imagenet = { ...clipImageProcessorDefaults, image_mean: imagenetMean, image_std: imagenetStd };

/** The pipelines that are code in the published metrics and have no preprocessor_config.json. */
function publishedPipeline(name: string): Pipeline {
  const [size, crop] = [...name.matchAll(/\d+/g)].map(Number) as [number, number | undefined];
  if (name.startsWith("diffsim"))
    return { bytes: (image) => squashToSquare(image, size), floats: (image) => diffusionImages([image], size), exif: true };
  if (name.startsWith("cute")) return ofConfig({ ...imagenet, size: { height: size, width: size }, do_center_crop: false });
  if (name.startsWith("gram"))
    return ofConfig({ ...imagenet, size: { shortest_edge: size }, resample: "bilinear", do_center_crop: false }, false);
  return ofConfig({
    ...imagenet,
    size: { shortest_edge: size },
    crop_size: { height: crop!, width: crop! },
    crop_rounding: "half-to-even",
  });
}

function ofConfig(config: ImageProcessorConfig, exif = true): Pipeline {
  return { bytes: (image) => resizeAndCrop(image, config), floats: (image) => processImages([image], config), exif };
}

function pipelineOf(config: unknown): Pipeline {
  if (typeof config === "string") return publishedPipeline(config.replace("torchvision ", "").replace(/\(.*/, ""));
  const { cls, ...fields } = config as Record<string, unknown>;
  return ofConfig(parseImageProcessorConfig({ ...fields, image_processor_type: cls }));
}

describe("whole pipelines are exact, bytes and floats", () => {
  const cases = [...goldenCases("preprocess", "full-"), ...goldenCases("preprocess", "small-")];
  test("no case is lost", () => expect(cases).toHaveLength(15));

  describe.each(cases.map((found) => [found.id, found] as const))("%s", (_, found) => {
    const pipeline = pipelineOf(found.parameters["config"]);
    const tensors = Object.keys(found.tensors ?? {}).length > 0 ? readGoldenTensors(found) : new Map<string, never>();

    test.each(Object.entries(found.outputs as Record<string, Processed>))("%s", async (name, expected) => {
      const image = await decodeImage(goldenImage(name), { exif: pipeline.exif });
      const bytes = pipeline.bytes(image);
      const floats = pipeline.floats(image);
      if (expected.error !== undefined) {
        // The published processor mistakes the height of such a picture for its channels; here it is an ordinary picture.
        expect(floats.shape).toEqual([1, 3, bytes.height, bytes.width]);
        return;
      }
      expect(floats.shape).toEqual([1, ...expected.shape]);
      const stored = tensors.get(name);
      if (stored !== undefined) expect(Buffer.compare(bytes.data, stored.data as Uint8Array)).toBe(0);
      expect(sha256(bytes.data)).toBe(expected.u8_sha256);
      const storedFloats = tensors.get(`float32:${name}`);
      if (storedFloats !== undefined) expect(sha256(floats.data)).toBe(sha256(storedFloats.data as Float32Array));
      for (const [channel, y, x, value] of expected.samples ?? []) {
        expect(floats.data[(channel * bytes.height + y) * bytes.width + x]).toBeCloseTo(value, 6);
      }
      expect(sha256(floats.data)).toBe(expected.float32_sha256);
    });
  });
});

describe("a picture three rows high is an ordinary picture", () => {
  const shapes = goldenCase("preprocess", "three-rows").outputs["shapes_or_errors"] as Record<string, readonly number[]>;
  const cases = goldenCases("preprocess", "small-").filter(({ id }) => id.replace("preprocess/small-", "") in shapes);
  test("no case is lost", () => expect(cases).toHaveLength(7));
  test.each(cases.map((found) => [found.id, found] as const))("%s", async (id, found) => {
    const image = await decodeImage(goldenImage("pp-three-rows.png"));
    expect(pipelineOf(found.parameters["config"]).floats(image).shape).toEqual([1, ...shapes[id.replace("preprocess/small-", "")]!]);
  });
});

test("crop offsets of transformers and torchvision", () => {
  const { outputs, parameters } = goldenCase("preprocess", "crop-offsets");
  const crop = parameters["crop"] as number;
  for (const [size, expected] of Object.entries(outputs as Record<string, { transformers: number; torchvision: number }>)) {
    expect(cropOffset(Number(size), crop, "floor")).toBe(expected.transformers);
    expect(cropOffset(Number(size), crop, "half-to-even")).toBe(expected.torchvision);
  }
});
