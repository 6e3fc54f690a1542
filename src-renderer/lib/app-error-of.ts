/** @file What a failed call tells a person. */
import { isDefinedError } from "@orpc/client";
import { type AppErrorShape, appErrorShapeSchema } from "#shared/domain/app-error";

/** The engine's own sentence where there is one; else a sentence about the connection with the fault behind it. */
export function appErrorOf(error: unknown): AppErrorShape {
  if (error instanceof Error && isDefinedError(error)) {
    const shape = appErrorShapeSchema.safeParse((error as { data?: unknown }).data);
    if (shape.success) return shape.data;
  }
  const shape = appErrorShapeSchema.safeParse(error);
  if (shape.success) return shape.data;
  return { code: "internal/fault", message: error instanceof Error ? error.message : String(error) };
}
