/** @file Reads a config.json against a schema and names the field that does not fit. */
import { z } from "zod";
import { appError } from "#shared/domain/app-error";
import { misfit } from "#shared/lib/misfit";

/** A size or a count. */
export const positiveInteger = z.number().int().positive();
/** Layers of a network; the largest published ones have fewer than a hundred, and each is emitted one by one. */
export const layerCount = positiveInteger.max(1024);

/**
 * Parses the JSON of `file` (a name for messages, e.g. "config.json of dinov2-base").
 *
 * @throws graph/unsupported-config naming the field
 */
export function parseModelConfig<Output>(file: string, schema: z.ZodType<Output>, json: unknown): Output {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw appError("graph/unsupported-config", `${file} is not usable: ${misfit(result.error)}.`, {
    hint: "The file should be the one that was saved with the weights.",
    cause: result.error,
  });
}
