/**
 * @file The one queue all writes go through.
 *
 * [Note: One writer] LanceDB lets two writers insert the same new key without a word, and a compaction that meets an update is refused.
 * One queue in the one process that holds the library's lock makes both impossible.
 */
import type { AppError } from "#shared/domain/app-error";
import { appError } from "#shared/domain/app-error";
import { toDiskError } from "../../platform/disk-error";

export interface Writer {
  readonly isReadOnly: boolean;
  /** For writes that need no queue. @throws library/read-only or engine/unavailable when nothing may be written */
  assertWritable(): void;
  /** Runs `work` after everything queued before it; its failure does not stop what follows. */
  write<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Settles when the queue is empty. */
  drained(): Promise<void>;
  /** Refuses further writes and waits for the queued ones. */
  close(): Promise<void>;
}

/**
 * Creates the writer of the library at `libraryPath`. `afterWrite` runs in the queue after each write that
 * succeeded; its own failure is nobody's, since the write is done.
 * @throws library/read-only from `write` when the library was opened read-only; disk/full, disk/read-only, disk/failed from failed writes
 */
export function createWriter(options: { libraryPath: string; isReadOnly: boolean; afterWrite?: () => Promise<void> }): Writer {
  const { libraryPath, isReadOnly, afterWrite } = options;
  let tail: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  const refusal = (): AppError | null => {
    if (isReadOnly) {
      return appError("library/read-only", `The library at ${libraryPath} is open read-only.`, {
        hint: "Close the other Semblance that uses it, or start without --read-only.",
      });
    }
    return isClosed ? appError("engine/unavailable", `The library at ${libraryPath} is closed.`) : null;
  };

  const run = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      throw toDiskError(error, libraryPath);
    }
  };

  return {
    isReadOnly,
    assertWritable() {
      const error = refusal();
      if (error !== null) throw error;
    },
    write(work) {
      const error = refusal();
      if (error !== null) return Promise.reject(error);
      const result = tail.then(() => run(work));
      tail = result.then(() => afterWrite?.()).catch(() => undefined);
      return result;
    },
    async drained() {
      await tail;
    },
    async close() {
      isClosed = true;
      await tail;
    },
  };
}
