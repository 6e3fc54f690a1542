/** @file Reads the bytes of a picture, or only its first ones, and says plainly why that failed. */
import { open, readFile, stat } from "node:fs/promises";
import type { AppError } from "#shared/domain/app-error";
import { appError } from "#shared/domain/app-error";
import { SIGNATURE_BYTES } from "./image-format";

/** A picture to decode: a path, or bytes that are in memory already. */
export type ImageSource = string | Uint8Array;

/** What to call a source in an error. */
export function nameOf(source: ImageSource): string {
  return typeof source === "string" ? source : "The picture";
}

/** All bytes of a source. Throws image/unreadable, or image/too-large beyond 2 GiB. */
export async function readImageBytes(source: ImageSource): Promise<Uint8Array> {
  return typeof source === "string" ? reading(source, () => readFile(source)) : source;
}

/** The first bytes of a source, enough to tell its format. Throws image/unreadable. */
export async function readSignature(source: ImageSource): Promise<Uint8Array> {
  if (typeof source !== "string") return source.subarray(0, SIGNATURE_BYTES);
  return reading(source, async () => {
    const file = await open(source);
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(SIGNATURE_BYTES), 0, SIGNATURE_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  });
}

async function reading<Result>(path: string, read: () => Promise<Result>): Promise<Result> {
  try {
    const entry = await stat(path);
    if (entry.isDirectory())
      throw appError("image/unreadable", `${path} is a folder, not a picture.`, { hint: "Give the path of one file." });
    if (!entry.isFile()) throw appError("image/unreadable", `${path} is no ordinary file.`, { hint: "Give the path of one file." });
    return await read();
  } catch (error) {
    throw toReadError(error, path);
  }
}

function toReadError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  switch (error.code) {
    case "image/unreadable":
      return error;
    case "ENOENT":
    case "ENOTDIR":
      return unreadable(`${path} does not exist.`, "Check the path; the file may have been moved or its drive unplugged.", error);
    case "EACCES":
    case "EPERM":
      return unreadable(`${path} may not be read: permission is missing.`, "Give yourself permission to read the file.", error);
    case "ERR_FS_FILE_TOO_LARGE":
      return appError("image/too-large", `${path} is larger than 2 GiB.`, { hint: "Save a smaller copy of the picture.", cause: error });
    default:
      return unreadable(`${path} cannot be read: ${error.message}`, "Check the disk and try again.", error);
  }
}

function unreadable(message: string, hint: string, cause: Error): AppError {
  return appError("image/unreadable", message, { hint, cause });
}
