/** @file The engine as an Electron utility process. */
import { fileURLToPath } from "node:url";
import { type MessagePortMain, utilityProcess } from "electron";
import type { EngineChild } from "../../engine/engine-host";
import type { FromEngine } from "../../engine/host-protocol";

/** Starts the engine process that was built beside this shell. */
export function startUtilityEngine(): EngineChild {
  const child = utilityProcess.fork(fileURLToPath(new URL("./engine-process.js", import.meta.url)), [], {
    serviceName: "Semblance engine",
  });
  return {
    post: (message, transfer) => child.postMessage(message, transfer as MessagePortMain[] | undefined),
    onMessage: (listener) => child.on("message", (message: FromEngine) => listener(message)),
    onExit: (listener) => child.once("exit", listener),
    kill: () => void child.kill(),
  };
}
