/** @file The identity of a picture: a hash of its bytes, so that moving or renaming a file measures nothing again. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import { brandId } from "#shared/lib/branded-id";

const chunkBytes = 1 << 20;

/** First 32 hex digits of the SHA-256 of a file's bytes, read in chunks. @throws image/unreadable; the signal's reason when aborted */
export async function hashFile(path: string, options: { readonly signal?: AbortSignal } = {}): Promise<AssetId> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path, { highWaterMark: chunkBytes }), hash, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw appError("image/unreadable", `${path} cannot be read: ${readFailure(error)}.`, {
      hint: "Check that the file is still there and may be opened.",
      cause: error,
    });
  }
  return brandId<AssetId>(hash.digest("hex").slice(0, 32));
}

/** The same id for bytes in memory. */
export function hashBytes(bytes: Uint8Array): AssetId {
  return brandId<AssetId>(createHash("sha256").update(bytes).digest("hex").slice(0, 32));
}

/** Why a file or folder cannot be read, as the end of a sentence. */
export function readFailure(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  switch (code) {
    case "ENOENT":
      return "it is not there any more";
    case "EACCES":
    case "EPERM":
      return "permission is missing";
    case "ENAMETOOLONG":
      return "its path is too long";
    case "ELOOP":
      return "its links go round in a circle";
    case "EISDIR":
      return "it is a folder";
    case "EIO":
      return "the disk reports an error";
    default:
      return code ?? (error instanceof Error ? error.message : String(error));
  }
}
