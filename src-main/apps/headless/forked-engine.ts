/** @file The engine as a forked Node process. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { EngineChild } from "../../engine/engine-host";
import type { FromEngine } from "../../engine/host-protocol";

/** Starts the engine process that was built beside this host. */
export function forkEngine(): EngineChild {
  const child = fork(fileURLToPath(new URL("./engine-process.js", import.meta.url)), [], {
    serialization: "advanced",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return {
    post: (message) => {
      // The channel of an engine that just died fails a moment before its exit is told; the exit is what ends its calls.
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => child.on("message", (message) => listener(message as FromEngine)),
    onExit: (listener) => child.once("exit", listener),
    kill: () => child.kill("SIGKILL"),
  };
}
