/** @file What happens when nobody reads on (`| head -1`), or when the disk that stdout goes to is full. */
import { exitCodeOf } from "#shared/domain/app-error";
import { toDiskError } from "../../../platform/disk-error";

interface BreakableStream {
  on(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
}

interface StreamOwner {
  readonly stdout: BreakableStream;
  readonly stderr: BreakableStream & { write(text: string): unknown };
  exit(code: number): void;
}

/**
 * Ends the process quietly when the reader of stdout is gone, and with a sentence when its disk is full. What was stored stays stored: the
 * library is made to be killed at any moment. Without stderr the work goes on.
 */
export function watchStreams(owner: StreamOwner): void {
  owner.stdout.on("error", (error) => {
    if (error.code === "EPIPE") return owner.exit(0);
    const { code, message, hint = "" } = toDiskError(error, "the output");
    owner.stderr.write(`${message}\n${hint}\n`);
    owner.exit(exitCodeOf(code));
  });
  owner.stderr.on("error", () => undefined);
}
