/** @file The folder of a library before it is a store: made, checked, and brought to the current format. */
import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appError } from "#shared/domain/app-error";
import { isNotFound, toDiskError } from "../../platform/disk-error";
import type { Database } from "./database";
import { assertMayBecomeLibrary, readLibraryFormat, writeLibraryFormat } from "./library-format";
import { currentFormat, migrationPath, migrations } from "./migrations";
import { assetTableDefinition, fileTableDefinition, issueTableDefinition } from "./schema";

/** Where a read-only store puts what it renders; `release` removes it. */
export async function temporaryFolder(): Promise<{ scratch: string; release: () => Promise<void> }> {
  const scratch = await mkdtemp(join(tmpdir(), "semblance-"));
  return { scratch, release: () => rm(scratch, { recursive: true, force: true }) };
}

/** Makes the folder of a library and refuses one that holds other things. @throws usage/invalid, library/corrupt, disk/* */
export async function prepareLibraryFolder(path: string): Promise<void> {
  try {
    const existing = await stat(path).catch((error: unknown) => {
      if (isNotFound(error)) return null;
      throw error;
    });
    if (existing !== null && !existing.isDirectory())
      throw appError("usage/invalid", `${path} is a file; a library is a folder.`, { hint: "Choose another place with --library." });
    await mkdir(path, { recursive: true });
  } catch (error) {
    // On a read-only disk a recursive mkdir says that a folder is not there.
    if (isNotFound(error))
      throw appError("disk/read-only", `The folder ${path} cannot be made: its disk is read-only or not there.`, {
        hint: "Choose another place with --library.",
        cause: error,
      });
    throw toDiskError(error, path);
  }
  if ((await readLibraryFormat(path)) === null) await assertMayBecomeLibrary(path);
}

/** @throws library/not-found or library/read-only when a library in this format cannot be opened without writing */
export function assertReadable(path: string, format: number | null): void {
  if (format === null)
    throw appError("library/not-found", `There is no library at ${path}.`, {
      hint: "Add a folder first, or name another library with --library.",
    });
  if (format < currentFormat)
    throw appError("library/read-only", `The library at ${path} has an older format and must be brought up to date first.`, {
      hint: "Open it once without --read-only.",
    });
}

/** Makes the tables of a new library, or brings those of an older one up to date. The format file comes last, see library-format.ts. */
export async function prepareTables({ libraryPath, connection, ensureTable }: Database, format: number | null): Promise<void> {
  if (format === currentFormat) return;
  if (format === null) {
    for (const definition of [assetTableDefinition, fileTableDefinition, issueTableDefinition]) await ensureTable(definition);
  } else {
    for (const step of migrationPath(format, currentFormat, migrations)) await step.run({ libraryPath, connection });
  }
  await writeLibraryFormat(libraryPath);
}
