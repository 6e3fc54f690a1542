/** @file A short list that changes rarely, kept as one JSON file beside the tables and in memory. */
import { readFile } from "node:fs/promises";
import type { z } from "zod";
import { writeFileAtomic } from "../../platform/atomic-file";
import { isNotFound } from "../../platform/disk-error";
import { corruptLibrary } from "./corrupt-library";

export interface JsonDocument<Value> {
  read(): Value;
  /** Writes the file, then changes what `read` answers. Only the writer's queue calls it. */
  replace(value: Value): Promise<void>;
}

/**
 * Opens the document at `path`; `initial` when the file is not there, and also when it does not parse if the list `isDisposable`.
 * @throws library/corrupt when any other list does not parse
 */
export async function openJsonDocument<Value>(options: {
  path: string;
  libraryPath: string;
  schema: z.ZodType<Value>;
  initial: Value;
  /** History that nobody misses: losing it must not keep the library closed. */
  isDisposable?: boolean;
}): Promise<JsonDocument<Value>> {
  const { path, libraryPath, schema, initial, isDisposable = false } = options;
  let value = initial;
  try {
    value = schema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (!isNotFound(error) && !isDisposable) throw corruptLibrary(libraryPath, `${path} is damaged`, error);
  }
  return {
    read: () => value,
    async replace(next) {
      await writeFileAtomic(path, `${JSON.stringify(next, null, 2)}\n`, { isDurable: true });
      value = next;
    },
  };
}
