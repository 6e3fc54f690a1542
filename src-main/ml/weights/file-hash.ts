/** @file SHA-256 of large files, remembered as long as path, size and time stay the same. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { WeightFile } from "./weight-reference";

const hashes = new Map<string, Promise<string>>();

/** Hex SHA-256 of the whole file; computed once per version of the file. */
export function fileSha256(file: WeightFile): Promise<string> {
  const key = `${file.path}|${file.sizeBytes}|${file.modifiedMs}`;
  const known = hashes.get(key);
  if (known !== undefined) return known;
  const computed = hashFile(file.path);
  hashes.set(key, computed);
  computed.catch(() => hashes.delete(key));
  return computed;
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 4 << 20 }), hash);
  return hash.digest("hex");
}
