/** @file What was done to files at a person's wish, the newest last, so that it can be taken back. */
import { join } from "node:path";
import { z } from "zod";
import { type FileAct, fileActSchema } from "#shared/domain/split-files";
import { openJsonDocument } from "./json-document";
import type { FileActs } from "./store-types";
import type { Writer } from "./writer";

const actsSchema: z.ZodType<readonly FileAct[]> = z.array(fileActSchema);
const mostActs = 100;

/** Opens the list; a library of an earlier version has none. @throws library/corrupt */
export async function openFileActs(libraryPath: string, writer: Writer): Promise<FileActs> {
  const document = await openJsonDocument({ path: join(libraryPath, "file-acts.json"), libraryPath, schema: actsSchema, initial: [] });
  return {
    list: () => document.read(),
    put: (act) => writer.write(() => document.replace([...document.read().filter(({ id }) => id !== act.id), act].slice(-mostActs))),
    remove: (id) => writer.write(() => document.replace(document.read().filter((act) => act.id !== id))),
  };
}
