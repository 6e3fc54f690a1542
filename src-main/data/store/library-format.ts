/** @file The file that makes a folder a library and says which format its tables have. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { appError } from "#shared/domain/app-error";
import { writeFileAtomic, temporarySuffix } from "../../platform/atomic-file";
import { isNotFound } from "../../platform/disk-error";
import { listNames } from "./content-path";
import { corruptLibrary } from "./corrupt-library";
import { currentFormat } from "./migrations";

const formatSchema = z.object({ format: z.number().int().positive(), createdMs: z.number() });

/** Everything a library folder may hold. A folder with anything else is somebody's, and is left alone. */
const ownNames = new Set([
  "library.json",
  "lock",
  "lock.takeover",
  "tables",
  "features",
  "thumbnails",
  "outside",
  "roots.json",
  "kept-apart.json",
  "boards.json",
  "file-acts.json",
  "recipes.json",
  "jobs.json",
  "models.json",
  "settings.json",
  "feature-cache.json",
  "logs",
  "yardsticks",
  "viewing",
  "tokens",
  "benchmarks",
  "masks",
  "retrieval",
  "snapshots",
  "raw-metadata",
  "verdicts",
]);
/** What systems put into any folder they show. */
const systemNames = new Set([".DS_Store", "Thumbs.db", "desktop.ini", "lost+found"]);

const formatPath = (libraryPath: string) => join(libraryPath, "library.json");

/** The format of the library; null when the folder is not a library yet. @throws library/corrupt when damaged or newer than this program */
export async function readLibraryFormat(libraryPath: string): Promise<number | null> {
  let text: string;
  try {
    text = await readFile(formatPath(libraryPath), "utf8");
  } catch (error) {
    if (isNotFound(error)) return null;
    throw corruptLibrary(libraryPath, `${formatPath(libraryPath)} cannot be opened`, error);
  }
  let format: number;
  try {
    ({ format } = formatSchema.parse(JSON.parse(text)));
  } catch (error) {
    throw corruptLibrary(libraryPath, `${formatPath(libraryPath)} is damaged`, error);
  }
  if (format > currentFormat) {
    throw appError(
      "library/corrupt",
      `The library at ${libraryPath} was written by a newer Semblance (format ${format}, this one reads ${currentFormat}).`,
      {
        hint: "Use the newer Semblance, or another library folder with --library.",
      },
    );
  }
  return format;
}

/** Written last when a library is created or migrated: before that, a killed run leaves a folder that the next run completes. */
export async function writeLibraryFormat(libraryPath: string): Promise<void> {
  await writeFileAtomic(formatPath(libraryPath), `${JSON.stringify({ format: currentFormat, createdMs: Date.now() })}\n`, {
    isDurable: true,
  });
}

/** Refuses to turn a folder that holds other things into a library. @throws usage/invalid */
export async function assertMayBecomeLibrary(libraryPath: string): Promise<void> {
  const foreign = (await listNames(libraryPath)).find(
    (name) => !(ownNames.has(name) || systemNames.has(name) || name.endsWith(temporarySuffix)),
  );
  if (foreign === undefined) return;
  throw appError("usage/invalid", `${libraryPath} is not a library and not empty: it holds ${foreign}.`, {
    hint: "Choose an empty folder, or one that does not exist yet.",
  });
}
