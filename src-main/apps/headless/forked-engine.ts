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
      if (child.connected) child.send(message);
    },
    onMessage: (listener) => child.on("message", (message) => listener(message as FromEngine)),
    onExit: (listener) => child.once("exit", listener),
    kill: () => child.kill("SIGKILL"),
  };
}
