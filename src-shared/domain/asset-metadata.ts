/** @file What a picture says about itself: how it was generated, taken and described, and the colours it is made of. Read from files, never written to them. */
import { z } from "zod";

/** Programs whose notes are understood. `unknown`: there is something like it, kept raw. */
export const generatorSchema = z.enum(["a1111", "comfyui", "invokeai", "fooocus", "unknown"]);
export type Generator = z.infer<typeof generatorSchema>;

export const loraSchema = z.object({ name: z.string(), weight: z.number().nullable() });

/** How a picture was generated. `seed` is text: seeds of 64 bits do not fit a number. */
export const generationSchema = z.object({
  generator: generatorSchema,
  model: z.string().nullable(),
  modelHash: z.string().nullable(),
  loras: z.array(loraSchema),
  sampler: z.string().nullable(),
  scheduler: z.string().nullable(),
  steps: z.number().int().nullable(),
  cfgScale: z.number().nullable(),
  seed: z.string().nullable(),
  prompt: z.string().nullable(),
  negativePrompt: z.string().nullable(),
});
export type Generation = Readonly<z.infer<typeof generationSchema>>;

/** How a picture was taken (EXIF). Exposure time in seconds, focal length in millimetres. */
export const captureSchema = z.object({
  camera: z.string().nullable(),
  lens: z.string().nullable(),
  takenMs: z.number().nullable(),
  exposureSeconds: z.number().nullable(),
  fNumber: z.number().nullable(),
  iso: z.number().nullable(),
  focalLengthMm: z.number().nullable(),
});
export type Capture = Readonly<z.infer<typeof captureSchema>>;

/** How a picture was described by a person or a program (XMP, IPTC). `rating` is that of the file, 1 to 5, or -1 for rejected. */
export const descriptionSchema = z.object({
  title: z.string().nullable(),
  caption: z.string().nullable(),
  creator: z.string().nullable(),
  copyright: z.string().nullable(),
  keywords: z.array(z.string()),
  rating: z.number().int().min(-1).max(5).nullable(),
});
export type Description = Readonly<z.infer<typeof descriptionSchema>>;

/** A colour of the palette as `#rrggbb` with the share of the picture it covers; the largest first, shares sum to 1. */
export const paletteColourSchema = z.object({ colour: z.string().regex(/^#[0-9a-f]{6}$/), share: z.number().min(0).max(1) });
export type PaletteColour = Readonly<z.infer<typeof paletteColourSchema>>;

/** `phash` is a perceptual hash of 64 bits as 16 hex digits. null parts: the file says nothing of that kind. */
export const assetMetadataSchema = z.object({
  generation: generationSchema.nullable(),
  capture: captureSchema.nullable(),
  description: descriptionSchema.nullable(),
  palette: z.array(paletteColourSchema),
  phash: z.string().regex(/^[0-9a-f]{16}$/),
});
export type AssetMetadata = Readonly<z.infer<typeof assetMetadataSchema>>;

/** Something a file says, as it stands there: the name of a PNG text, of an EXIF field, or of a whole packet. */
export const rawMetadataEntrySchema = z.object({ name: z.string(), text: z.string() });
export type RawMetadataEntry = Readonly<z.infer<typeof rawMetadataEntrySchema>>;
