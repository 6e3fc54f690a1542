/** @file The one error type a person may see: a sentence, what to do, and a code that programs switch on. */
import { z } from "zod";

/** Closed list of error codes, grouped by the thing at fault. Adding one means deciding its exit code below. */
export const appErrorCodes = [
  "usage/invalid",
  "library/locked",
  "library/read-only",
  "library/corrupt",
  "library/not-found",
  "library/not-indexed",
  "root/not-found",
  "root/overlaps",
  "asset/not-found",
  "image/unreadable",
  "image/undecodable",
  "image/unsupported",
  "image/too-large",
  "disk/full",
  "disk/read-only",
  "disk/failed",
  "dataset/malformed",
  "checkpoint/not-found",
  "checkpoint/refused",
  "checkpoint/unsupported",
  "checkpoint/incomplete",
  "weights/malformed",
  "weights/missing-tensor",
  "weights/shape-mismatch",
  "weights/not-finite",
  "graph/shape-mismatch",
  "graph/unsupported-config",
  "tap/unknown",
  "step/out-of-range",
  "metric/unknown",
  "metric/needs-model",
  "scoring/incompatible-features",
  "device/unavailable",
  "device/failed",
  "engine/unavailable",
  "engine/crashed",
  "job/not-found",
  "job/cancelled",
  "network/refused",
  "host/port-in-use",
  "internal/fault",
] as const;

export const appErrorCodeSchema = z.enum(appErrorCodes);
export type AppErrorCode = z.infer<typeof appErrorCodeSchema>;

/** What crosses a process border or is printed with `--json`. */
export const appErrorShapeSchema = z.object({
  code: appErrorCodeSchema,
  message: z.string(),
  hint: z.string().optional(),
});
export type AppErrorShape = z.infer<typeof appErrorShapeSchema>;

export interface AppErrorDetails {
  readonly hint?: string;
  readonly cause?: unknown;
}

/** An error with one sentence for a person (`message`), what to do about it (`hint`) and a stable code. */
export class AppError extends Error {
  readonly code: AppErrorCode;
  readonly hint: string | undefined;

  constructor(code: AppErrorCode, message: string, details: AppErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "AppError";
    this.code = code;
    this.hint = details.hint;
  }

  /** Plain data for the wire and for `--json`. */
  toShape(): AppErrorShape {
    return { code: this.code, message: this.message, ...(this.hint === undefined ? {} : { hint: this.hint }) };
  }
}

/** Builds an {@link AppError}. `message` names the thing in one sentence; `hint` says what to do. */
export function appError(code: AppErrorCode, message: string, details: AppErrorDetails = {}): AppError {
  return new AppError(code, message, details);
}

/** Turns anything thrown into an AppError; an unknown fault keeps its text and gets `internal/fault`. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const shape = appErrorShapeSchema.safeParse(error);
  if (shape.success)
    return new AppError(shape.data.code, shape.data.message, {
      ...(shape.data.hint === undefined ? {} : { hint: shape.data.hint }),
      cause: error,
    });
  const message = error instanceof Error ? error.message : String(error);
  return new AppError("internal/fault", message, { cause: error });
}

/** Exit code of the command line for an error: 2 wrong usage, 3 bad input, 4 internal fault. */
export function exitCodeOf(code: AppErrorCode): 2 | 3 | 4 {
  switch (code) {
    case "usage/invalid":
    case "metric/unknown":
    case "tap/unknown":
    case "step/out-of-range":
      return 2;
    case "internal/fault":
    case "engine/crashed":
    case "engine/unavailable":
    case "device/failed":
      return 4;
    default:
      return 3;
  }
}
