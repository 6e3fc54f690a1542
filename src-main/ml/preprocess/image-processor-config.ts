/**
 * @file Reads `preprocessor_config.json` and fills what it leaves out as transformers 4.44 does.
 * Old files name a feature extractor instead of an image processor and hold plain integers for sizes; both are read.
 */
import { z } from "zod";
import { appError } from "#shared/domain/app-error";
import { misfit } from "#shared/lib/misfit";
import type { CropRounding } from "./crop";
import type { ResampleFilter } from "./resample-filters";
import type { ImageSize } from "./resize";

/** Size to resize to: a short side with the aspect ratio kept, or an exact size. */
export type ResizeTarget = { readonly shortest_edge: number } | { readonly height: number; readonly width: number };

/** The steps of an image processor, named as in `preprocessor_config.json`. `crop_rounding` is ours: torchvision differs there. */
export interface ImageProcessorConfig {
  readonly do_resize: boolean;
  readonly size: ResizeTarget;
  readonly resample: ResampleFilter;
  readonly do_center_crop: boolean;
  readonly crop_size: ImageSize;
  readonly crop_rounding: CropRounding;
  readonly do_rescale: boolean;
  readonly rescale_factor: number;
  readonly do_normalize: boolean;
  readonly image_mean: readonly [number, number, number];
  readonly image_std: readonly [number, number, number];
}

export const imagenetMean = [0.485, 0.456, 0.406] as const;
export const imagenetStd = [0.229, 0.224, 0.225] as const;
const clipMean = [0.48145466, 0.4578275, 0.40821073] as const;
const clipStd = [0.26862954, 0.26130258, 0.27577711] as const;
const halves = [0.5, 0.5, 0.5] as const;

/** Pillow's numbers for its filters; 0 is nearest neighbour, which no metric uses. */
const filterOfPillowNumber: Readonly<Record<number, ResampleFilter>> = {
  1: "lanczos",
  2: "bilinear",
  3: "bicubic",
  4: "box",
  5: "hamming",
};

const sharedDefaults = { do_resize: true, crop_rounding: "floor", do_rescale: true, rescale_factor: 1 / 255, do_normalize: true } as const;

/** CLIPImageProcessor of transformers; BitImageProcessor (DINOv2) has the same defaults. */
export const clipImageProcessorDefaults: ImageProcessorConfig = {
  ...sharedDefaults,
  size: { shortest_edge: 224 },
  resample: "bicubic",
  do_center_crop: true,
  crop_size: { height: 224, width: 224 },
  image_mean: clipMean,
  image_std: clipStd,
};

/** ViTImageProcessor of transformers: squashes to a square and never crops. */
export const vitImageProcessorDefaults: ImageProcessorConfig = {
  ...sharedDefaults,
  size: { height: 224, width: 224 },
  resample: "bilinear",
  do_center_crop: false,
  crop_size: { height: 224, width: 224 },
  image_mean: halves,
  image_std: halves,
};

const defaultsOfType: Readonly<Record<string, ImageProcessorConfig>> = {
  CLIP: clipImageProcessorDefaults,
  Bit: clipImageProcessorDefaults,
  ViT: vitImageProcessorDefaults,
  DeiT: { ...clipImageProcessorDefaults, size: { height: 256, width: 256 }, image_mean: imagenetMean, image_std: imagenetStd },
};

const side = z.number().int().positive().max(16_384);
const exactSize = z.object({ height: side, width: side });
const shortestEdge = z.object({ shortest_edge: side });
const threeNumbers = z.tuple([z.number(), z.number(), z.number()]);
const threeScales = z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]);

const fileSchema = z.looseObject({
  image_processor_type: z.string().optional(),
  feature_extractor_type: z.string().optional(),
  do_resize: z.boolean().optional(),
  size: z.union([side, exactSize, shortestEdge]).optional(),
  resample: z.number().int().optional(),
  do_center_crop: z.boolean().optional(),
  crop_size: z.union([side, exactSize, shortestEdge]).optional(),
  do_rescale: z.boolean().optional(),
  rescale_factor: z.number().positive().optional(),
  do_normalize: z.boolean().optional(),
  image_mean: threeNumbers.optional(),
  image_std: threeScales.optional(),
});
type PreprocessorFile = z.infer<typeof fileSchema>;

/**
 * Parses the JSON value of a `preprocessor_config.json`.
 * @throws checkpoint/unsupported when a field has an impossible value, or the processor is of a kind this program does not know
 */
export function parseImageProcessorConfig(json: unknown): ImageProcessorConfig {
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) {
    throw unsupported(`preprocessor_config.json is not usable: ${misfit(parsed.error)}.`, parsed.error);
  }
  const file = parsed.data;
  const defaults = defaultsFor(file);
  return {
    do_resize: file.do_resize ?? defaults.do_resize,
    size: resizeTarget(file.size, defaults.size),
    resample: resampleFilter(file.resample) ?? defaults.resample,
    do_center_crop: file.do_center_crop ?? defaults.do_center_crop,
    crop_size: cropSize(file.crop_size, defaults.crop_size),
    crop_rounding: defaults.crop_rounding,
    do_rescale: file.do_rescale ?? defaults.do_rescale,
    rescale_factor: file.rescale_factor ?? defaults.rescale_factor,
    do_normalize: file.do_normalize ?? defaults.do_normalize,
    image_mean: file.image_mean ?? defaults.image_mean,
    image_std: file.image_std ?? defaults.image_std,
  };
}

/** `CLIPImageProcessor`, `CLIPImageProcessorFast` and the older `CLIPFeatureExtractor` are the same thing. */
function defaultsFor(file: PreprocessorFile): ImageProcessorConfig {
  const type = file.image_processor_type ?? file.feature_extractor_type;
  if (type === undefined) return clipImageProcessorDefaults;
  const defaults = defaultsOfType[type.replace(/(ImageProcessor(Fast)?|FeatureExtractor)$/, "")];
  if (defaults === undefined) throw unsupported(`preprocessor_config.json asks for ${type}, which is not known.`);
  return defaults;
}

/** A plain integer means the short side where the defaults keep the aspect ratio, else a square. */
function resizeTarget(size: PreprocessorFile["size"], defaults: ResizeTarget): ResizeTarget {
  if (size === undefined) return defaults;
  if (typeof size !== "number")
    return "shortest_edge" in size ? { shortest_edge: size.shortest_edge } : { height: size.height, width: size.width };
  return "shortest_edge" in defaults ? { shortest_edge: size } : { height: size, width: size };
}

function cropSize(size: PreprocessorFile["crop_size"], defaults: ImageSize): ImageSize {
  const target = resizeTarget(size, defaults);
  return "shortest_edge" in target ? { height: target.shortest_edge, width: target.shortest_edge } : target;
}

function resampleFilter(pillowNumber: number | undefined): ResampleFilter | undefined {
  if (pillowNumber === undefined) return undefined;
  const filter = filterOfPillowNumber[pillowNumber];
  if (filter === undefined) throw unsupported(`preprocessor_config.json asks for resample ${pillowNumber}; known are 1 to 5.`);
  return filter;
}

function unsupported(message: string, cause?: unknown): Error {
  return appError("checkpoint/unsupported", message, {
    hint: "Take the preprocessor_config.json that belongs to the checkpoint.",
    ...(cause === undefined ? {} : { cause }),
  });
}
