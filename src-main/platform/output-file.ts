/** @file Files that a person asked for with --out and the like: refused before the work begins when they cannot be written. */
import { access, constants, stat } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { appError } from "#shared/domain/app-error";
import { toDiskError } from "./disk-error";

/** What is at a path, or null. */
async function kindOf(path: string): Promise<"file" | "folder" | null> {
  const found = await stat(path).catch(() => null);
  if (found === null) return null;
  return found.isDirectory() ? "folder" : "file";
}

/**
 * Checks that a file can be written at `path`; `extension` is the only one allowed, where one is given.
 * @throws usage/invalid for a folder, a folder that is not there or another extension, disk/read-only
 */
export async function assertOutputFile(path: string, extension: string | null = null): Promise<void> {
  if ((await kindOf(path)) === "folder")
    throw appError("usage/invalid", `${path} is a folder, and the result is one file.`, { hint: "Give the name of a file in it." });
  if (extension !== null && extname(path).toLowerCase() !== extension)
    throw appError("usage/invalid", `${path} does not end in ${extension}.`, { hint: `The result is a ${extension} file; name it so.` });
  const folder = dirname(path);
  if ((await kindOf(folder)) !== "folder")
    throw appError("usage/invalid", `There is no folder ${folder} to write into.`, { hint: "Make it first, or choose another place." });
  await access(folder, constants.W_OK).catch((error: unknown) => {
    throw appError("disk/read-only", toDiskError(error, folder).message, { hint: "Choose another place for the result.", cause: error });
  });
}
