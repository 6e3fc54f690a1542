/** @file Turns what a file system (or a library on top of it) throws into one of three sentences: full, read-only, failed. */
import { AppError, appError } from "#shared/domain/app-error";

const fullPatterns = /ENOSPC|EDQUOT|no space left|disk quota exceeded|os error (28|112|122)\b/i;
const readOnlyPatterns = /EROFS|EACCES|EPERM|read-only file system|permission denied|access is denied|os error (13|30)\b/i;

/** The text of an error with everything it was caused by, which is where native libraries hide the reason. */
function fullText(error: unknown): string {
  const texts: string[] = [];
  for (let current = error; current instanceof Error; current = current.cause) {
    texts.push(current.message, String((current as NodeJS.ErrnoException).code ?? ""));
  }
  return texts.length === 0 ? String(error) : texts.join(" ");
}

/**
 * Maps a failed write to `path` to disk/full, disk/read-only or disk/failed. An AppError is returned as it is.
 * Codes are matched first; texts only because LanceDB passes the system's words and no code.
 */
export function toDiskError(error: unknown, path: string): AppError {
  if (error instanceof AppError) return error;
  const text = fullText(error);
  if (fullPatterns.test(text)) {
    return appError("disk/full", `The disk that holds ${path} is full.`, {
      hint: "Free some space and start again; what was done so far is kept.",
      cause: error,
    });
  }
  if (readOnlyPatterns.test(text)) {
    return appError("disk/read-only", `${path} cannot be written: the disk is read-only or permission is missing.`, {
      hint: "Make it writable, choose another library folder with --library, or look without changing anything: --read-only.",
      cause: error,
    });
  }
  const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  return appError("disk/failed", `Writing to ${path} failed: ${reason}`, {
    hint: "Check the disk and start again; what was done so far is kept.",
    cause: error,
  });
}

/** True when a file or folder is simply not there. */
export function isNotFound(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return code === "ENOENT" || code === "ENOTDIR";
}
