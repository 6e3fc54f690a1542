/**
 * @file From pictures to the input of a vision network: resize, centre crop, scale, normalise.
 * Source: the image processors of transformers 4.44 and the transforms of torchvision 0.18, to the last bit.
 */
import { appError } from "#shared/domain/app-error";
import type { RawImage } from "../../platform/raw-image";
import type { Float32Tensor } from "../tensor/tensor";
import { centerCrop } from "./crop";
import type { ImageProcessorConfig, ResizeTarget } from "./image-processor-config";
import { byteTables, pixelsToTensor } from "./pixels-to-tensor";
import type { ByteTables } from "./pixels-to-tensor";
import { resize } from "./resize";
import type { ImageSize, PassOrder } from "./resize";

const { fround } = Math;

const MAX_RESIZED_PIXELS = 100_000_000;

/**
 * Pictures to one batch [N, 3, H, W] float32. All must come out at one size, which a config that crops or squashes
 * guarantees; without a crop the size follows each picture, so give such a config one picture at a time.
 */
export function processImages(images: readonly RawImage[], config: ImageProcessorConfig): Float32Tensor {
  return pixelsToTensor(
    images.map((image) => resizeAndCrop(image, config)),
    normalisationTables(config),
  );
}

/** The 8-bit half of the work: what is left of the picture before bytes become floats. */
export function resizeAndCrop(image: RawImage, config: ImageProcessorConfig, passOrder: PassOrder = "pillow-11"): RawImage {
  const resized = config.do_resize ? resize(image, resizedSize(image, config.size), { filter: config.resample, passOrder }) : image;
  return config.do_center_crop ? centerCrop(resized, config.crop_size, config.crop_rounding) : resized;
}

/**
 * Size after the resize step. With a short side the long one is truncated, as both libraries do.
 *
 * @throws image/too-large for a picture so narrow that enlarging its short side would fill memory
 */
export function resizedSize(image: ImageSize, target: ResizeTarget): ImageSize {
  if (!("shortest_edge" in target)) return target;
  const edge = target.shortest_edge;
  const size =
    image.width <= image.height
      ? { width: edge, height: Math.trunc((edge * image.height) / image.width) }
      : { width: Math.trunc((edge * image.width) / image.height), height: edge };
  if (size.width * size.height > MAX_RESIZED_PIXELS) {
    throw appError(
      "image/too-large",
      `A picture of ${image.width} x ${image.height} pixels is too narrow: its short side must become ${edge}.`,
      {
        hint: "Crop the picture.",
      },
    );
  }
  return size;
}

/** Scaling is done in float64 and rounded once; mean and deviation are float32, as are the two steps that use them. */
export function normalisationTables(config: ImageProcessorConfig): ByteTables {
  return byteTables((byte, channel) => {
    const scaled = fround(config.do_rescale ? byte * config.rescale_factor : byte);
    if (!config.do_normalize) return scaled;
    return fround(fround(scaled - fround(config.image_mean[channel]!)) / fround(config.image_std[channel]!));
  });
}
