/** @file A process that tries to take a library's lock when told to, says what came of it, and leaves when told to. */
import { toAppError } from "#shared/domain/app-error";
import { acquireLibraryLock } from "#main/data/store/library-lock";

const [libraryPath] = process.argv.slice(2);

process.on("message", (message) => {
  if (message === "leave") process.exit(0);
  acquireLibraryLock(libraryPath ?? "").then(
    () => process.send?.("held"),
    (error: unknown) => process.send?.(toAppError(error).code),
  );
});
process.send?.("ready");
