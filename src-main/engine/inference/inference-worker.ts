/** @file Worker thread that runs the models, so that a native run of seconds never blocks the engine's event loop. */
import { parentPort, workerData } from "node:worker_threads";
import { toAppError } from "#shared/domain/app-error";
import { defined } from "#shared/lib/assert";
import { createInProcessInference } from "./in-process-inference";
import type { InferenceOptions } from "./inference-service";
import { type InferenceAnswer, type InferenceCall, type NewsMessage, transferableBuffers } from "./worker-protocol";

const port = defined(parentPort, "the inference worker runs as a worker thread");
const inference = createInProcessInference(workerData as InferenceOptions, (news) => post({ news }));

port.on("message", (message: InferenceCall) => {
  void answer(message);
});

async function answer({ call, method, args }: InferenceCall): Promise<void> {
  try {
    const run = inference[method] as (...given: readonly unknown[]) => Promise<unknown>;
    const value = await run(...args);
    post({ call, value });
    // The last word: with its port closed nothing holds the thread.
    if (method === "dispose") port.close();
  } catch (error) {
    const known = toAppError(error);
    post({ call, error: known.toShape(), stack: known.stack });
  }
}

function post(message: InferenceAnswer | NewsMessage): void {
  port.postMessage(message, transferableBuffers(message));
}
