/** @file An asset is a picture by its bytes; a file is a place where those bytes lie. */
import { z } from "zod";
import type { BrandedId } from "../lib/branded-id";
import { annotationSchema } from "./annotation";
import { assetMetadataSchema } from "./asset-metadata";

/** First 32 hex digits of the SHA-256 of the file's bytes. */
export type AssetId = BrandedId<"AssetId">;
export const assetIdSchema = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .transform((id) => id as AssetId);

/** Formats that are decoded; everything else is listed as skipped. */
export const imageFormats = ["jpeg", "png", "webp", "gif", "tiff", "bmp", "avif"] as const;
export const imageFormatSchema = z.enum(imageFormats);
export type ImageFormat = z.infer<typeof imageFormatSchema>;

/** What a grid needs for a tile. Width and height are pixels after EXIF rotation. */
export const assetSummarySchema = z.object({
  id: assetIdSchema,
  name: z.string(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  format: imageFormatSchema,
  isMissing: z.boolean(),
  isMeasured: z.boolean(),
  rating: annotationSchema.shape.rating,
  flag: annotationSchema.shape.flag,
});
export type AssetSummary = Readonly<z.infer<typeof assetSummarySchema>>;

export const assetFileSchema = z.object({
  path: z.string(),
  rootId: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  modifiedMs: z.number(),
});
export type AssetFile = Readonly<z.infer<typeof assetFileSchema>>;

/** Everything the detail panel shows. The same bytes in two places are one asset with two files. */
export const assetDetailSchema = assetSummarySchema.extend({
  files: z.array(assetFileSchema),
  measuredWith: z.array(z.object({ metric: z.string(), model: z.string(), recipeId: z.string() })),
  /** null until the picture was described, which an index run does. */
  metadata: assetMetadataSchema.nullable(),
  annotation: annotationSchema,
});
export type AssetDetail = Readonly<z.infer<typeof assetDetailSchema>>;

/** What was said about one picture. */
export const assetAnnotationSchema = z.object({ assetId: assetIdSchema, annotation: annotationSchema });
export type AssetAnnotation = Readonly<z.infer<typeof assetAnnotationSchema>>;
