/** @file The error of a library that cannot be read. */
import type { AppError } from "#shared/domain/app-error";
import { appError } from "#shared/domain/app-error";

/** `what` completes "cannot be read: ...". Nothing is ever deleted for the person; the hint says what they can do. */
export function corruptLibrary(libraryPath: string, what: string, cause?: unknown): AppError {
  return appError("library/corrupt", `The library at ${libraryPath} cannot be read: ${what}.`, {
    hint: "Move this folder away (keep it for now) and start Semblance again; it measures your pictures anew. The pictures themselves are not affected.",
    ...(cause === undefined ? {} : { cause }),
  });
}
