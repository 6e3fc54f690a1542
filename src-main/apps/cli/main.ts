/** @file The `semblance` command. */
import { watchStreams } from "./output/broken-streams";
import { runProgram } from "./program";

const abort = new AbortController();
process.once("SIGINT", () => {
  abort.abort();
  // A second Ctrl-C means now.
  process.once("SIGINT", () => process.exit(130));
});
watchStreams(process);

const exitCode = await runProgram(process.argv.slice(2), { streams: { out: process.stdout, err: process.stderr }, signal: abort.signal });
// Native libraries keep threads that would hold the process; everything of ours is closed by now.
process.stdout.write("", (error) => {
  // One that could not write is ended by the watch above.
  if (!error) process.exit(exitCode);
});
