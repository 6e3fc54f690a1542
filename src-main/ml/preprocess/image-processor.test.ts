import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { centerCrop, cropOffset } from "./crop";
import { diffusionImages } from "./diffusion-image";
import { processImages, resizedSize } from "./image-processor";
import { clipImageProcessorDefaults, imagenetMean, parseImageProcessorConfig, vitImageProcessorDefaults } from "./image-processor-config";

describe("preprocessor_config.json", () => {
  test("what a file leaves out is filled by its class", () => {
    expect(parseImageProcessorConfig({ image_processor_type: "CLIPImageProcessor" })).toEqual(clipImageProcessorDefaults);
    expect(parseImageProcessorConfig({ image_processor_type: "ViTImageProcessorFast" })).toEqual(vitImageProcessorDefaults);
    expect(parseImageProcessorConfig({})).toEqual(clipImageProcessorDefaults);
  });

  test("plain integers of old files: the short side for CLIP, a square for ViT", () => {
    const clip = parseImageProcessorConfig({ feature_extractor_type: "CLIPFeatureExtractor", size: 64, crop_size: 48, resample: 3 });
    expect(clip).toMatchObject({ size: { shortest_edge: 64 }, crop_size: { height: 48, width: 48 }, do_center_crop: true });
    const vit = parseImageProcessorConfig({
      feature_extractor_type: "ViTFeatureExtractor",
      size: 64,
      resample: 2,
      image_mean: [...imagenetMean],
    });
    expect(vit).toMatchObject({ size: { height: 64, width: 64 }, resample: "bilinear", do_center_crop: false, image_mean: imagenetMean });
  });

  test("sizes in words are taken as they are", () => {
    expect(parseImageProcessorConfig({ size: { height: 10, width: 20 }, crop_size: { height: 5, width: 6 } })).toMatchObject({
      size: { height: 10, width: 20 },
      crop_size: { height: 5, width: 6 },
    });
  });

  test.each([
    [{ image_processor_type: "MaskFormerImageProcessor" }, /asks for MaskFormerImageProcessor/],
    [{ resample: 0 }, /resample 0/],
    [{ size: -1 }, /not usable/],
    [{ size: { longest_edge: 20 } }, /not usable/],
    [{ image_std: [1, 0, 1] }, /not usable/],
    ["text", /not usable/],
    [null, /not usable/],
  ])("%j is refused by name", (json, message) => {
    expect(() => parseImageProcessorConfig(json)).toThrow(
      expect.objectContaining({ code: "checkpoint/unsupported", message: expect.stringMatching(message) }),
    );
  });

  test("law: any JSON either parses or is refused, never worse", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("size", "crop_size", "resample", "image_mean", "do_resize", "image_processor_type"), fc.jsonValue()),
        (json) => {
          try {
            parseImageProcessorConfig(json);
          } catch (error) {
            expect(error).toMatchObject({ code: "checkpoint/unsupported" });
          }
        },
      ),
    );
  });
});

describe("sizes and crops", () => {
  test("the long side is truncated", () => {
    expect(resizedSize({ width: 640, height: 427 }, { shortest_edge: 224 })).toEqual({ width: 335, height: 224 });
    expect(resizedSize({ width: 427, height: 640 }, { shortest_edge: 224 })).toEqual({ width: 224, height: 335 });
    expect(() => resizedSize({ width: 30_000, height: 1 }, { shortest_edge: 224 })).toThrow(
      expect.objectContaining({ code: "image/too-large" }),
    );
    expect(resizedSize({ width: 9, height: 1 }, { height: 3, width: 4 })).toEqual({ width: 4, height: 3 });
  });

  test("a crop larger than the picture is black around it, the odd row first", () => {
    const pixel = { width: 1, height: 1, data: Uint8Array.of(9, 8, 7) };
    const cropped = centerCrop(pixel, { width: 2, height: 4 });
    expect([...cropped.data]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 8, 7, 0, 0, 0, 0, 0, 0]);
  });

  test("law: a crop within the picture shows the picture at its offset", () => {
    const picture = { width: 7, height: 5, data: Uint8Array.from({ length: 105 }, (_, i) => i) };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom("floor" as const, "half-to-even" as const),
        (width, height, rounding) => {
          const cropped = centerCrop(picture, { width, height }, rounding);
          const first = (cropOffset(5, height, rounding) * 7 + cropOffset(7, width, rounding)) * 3;
          expect(cropped.data[0]).toBe(first);
          expect(cropped.data.at(-1)).toBe(first + ((height - 1) * 7 + width - 1) * 3 + 2);
        },
      ),
    );
  });
});

describe("tensors", () => {
  const black = { width: 2, height: 3, data: new Uint8Array(18) };
  const white = { width: 3, height: 2, data: new Uint8Array(18).fill(255) };

  test("a batch is [N, 3, H, W], picture after picture, plane after plane", () => {
    const batch = diffusionImages([black, white], 4);
    expect(batch.shape).toEqual([2, 3, 4, 4]);
    expect(batch.data.subarray(0, 48).every((x) => x === -1)).toBe(true);
    expect(batch.data.subarray(48).every((x) => x === 1)).toBe(true);
    const channels = processImages([{ width: 1, height: 1, data: Uint8Array.of(0, 128, 255) }], {
      ...vitImageProcessorDefaults,
      do_resize: false,
      do_normalize: false,
      do_rescale: false,
    });
    expect([...channels.data]).toEqual([0, 128, 255]);
  });

  test("steps can be switched off, and pictures of other sizes are refused in one batch", () => {
    const config = { ...clipImageProcessorDefaults, do_resize: false, do_center_crop: false };
    expect(processImages([black], config).shape).toEqual([1, 3, 3, 2]);
    expect(() => processImages([black, white], config)).toThrow("A batch of 2x3 pictures cannot hold one of 3x2");
    expect(() => processImages([], config)).toThrow();
  });
});
