/** @file Reads a config.json against a schema and names the field that does not fit. */
import type { z } from "zod";
import { appError } from "#shared/domain/app-error";

/**
 * Parses the JSON of `file` (a name for messages, e.g. "config.json of dinov2-base").
 *
 * @throws graph/unsupported-config naming the field
 */
export function parseModelConfig<Output>(file: string, schema: z.ZodType<Output>, json: unknown): Output {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw appError("graph/unsupported-config", `${file}: field "${field}" is not usable: ${issue?.message ?? "malformed"}.`, {
    hint: "The file should be the config.json that was saved with the weights.",
    cause: result.error,
  });
}
