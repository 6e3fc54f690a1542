/** @file The engine's end of the inference worker: the same interface, every call a message. */
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SHARE_ENV, Worker } from "node:worker_threads";
import { appError, toAppError } from "#shared/domain/app-error";
import type { ComparePairRequest, InferenceMethod, InferenceOptions, InferenceService } from "./inference-service";
import type { InferenceAnswer, InferenceCall } from "./worker-protocol";

interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A worker that does not end by itself in this time is ended. */
const stopPatienceMs = 5000;

/** Built, the worker lies beside this file or one folder up (shared chunks have a folder of their own); from source it is TypeScript. */
function startWorker(options: InferenceOptions): Worker {
  const built = ["./inference-worker.js", "../inference-worker.js"]
    .map((name) => new URL(name, import.meta.url))
    .find((url) => existsSync(fileURLToPath(url)));
  // The environment is shared so that what the models' runtime is told there reaches its native library.
  if (built !== undefined) return new Worker(built, { workerData: options, env: SHARE_ENV });
  const loader = import.meta.resolve("tsx/esm/api");
  const source = new URL("./inference-worker.ts", import.meta.url);
  return new Worker(`import(${JSON.stringify(loader)}).then((tsx) => { tsx.register(); return import(${JSON.stringify(source.href)}); })`, {
    workerData: options,
    env: SHARE_ENV,
    eval: true,
  });
}

/**
 * Runs the models in a worker thread. A worker that dies fails its open calls and is started again by the next one, on the device that was
 * chosen last. `start` makes the worker; tests pass their own.
 */
export function createWorkerInference(
  options: InferenceOptions,
  start: (options: InferenceOptions) => Worker = startWorker,
): InferenceService {
  const pending = new Map<number, PendingCall>();
  const answers = new Set<Promise<unknown>>();
  let worker: Worker | null = null;
  let lastCall = 0;
  let { device } = options;
  let isDisposed = false;

  function ended(cause: unknown): void {
    worker = null;
    const error = appError("engine/crashed", "The models stopped running unexpectedly.", {
      hint: "Try again; if it happens twice, choose another device or fewer threads.",
      cause,
    });
    for (const call of pending.values()) call.reject(error);
    pending.clear();
  }

  function settle(answer: InferenceAnswer): void {
    const waiting = pending.get(answer.call);
    pending.delete(answer.call);
    if (pending.size === 0) worker?.unref();
    if ("error" in answer) {
      const error = toAppError(answer.error);
      if (answer.stack !== undefined) error.stack = answer.stack;
      waiting?.reject(error);
    } else waiting?.resolve(answer.value);
  }

  function runningWorker(): Worker {
    if (worker !== null) return worker;
    const started = start({ ...options, device });
    started.on("message", settle);
    for (const end of ["error", "exit"] as const) {
      started.on(end, (cause: unknown) => {
        if (worker === started) ended(cause);
      });
    }
    worker = started;
    return started;
  }

  function call(method: InferenceMethod, args: readonly unknown[]): Promise<unknown> {
    // Work that outlives its engine must not start a worker that nobody would end.
    if (isDisposed) return Promise.reject(appError("engine/unavailable", "The engine is closed."));
    return post(runningWorker(), method, args);
  }

  function post(target: Worker, method: InferenceMethod, args: readonly unknown[]): Promise<unknown> {
    lastCall += 1;
    const message: InferenceCall = { call: lastCall, method, args };
    const answer = new Promise<unknown>((resolve, reject) => pending.set(message.call, { resolve, reject }));
    answers.add(answer);
    void answer.catch(() => undefined).finally(() => answers.delete(answer));
    target.ref();
    try {
      // Copied, not moved: the caller may go on to use its pixels and features.
      target.postMessage(message);
    } catch (error) {
      settle({ call: message.call, error: toAppError(error).toShape(), stack: undefined });
    }
    return answer;
  }

  /**
   * Lets the worker free its sessions and end by itself. Nothing may run in it by then: a thread that is ended in the middle of a native
   * run takes the whole process with it.
   */
  async function stop(running: Worker): Promise<void> {
    const exited = once(running, "exit");
    await post(running, "dispose", []);
    const timer = setTimeout(() => void running.terminate(), stopPatienceMs);
    await exited;
    clearTimeout(timer);
  }

  return {
    openExtractor: (key) => call("openExtractor", [key]) as ReturnType<InferenceService["openExtractor"]>,
    extract: (keys, image) => call("extract", [keys, image]) as ReturnType<InferenceService["extract"]>,
    score: (key, query, targets) => call("score", [key, query, targets]) as ReturnType<InferenceService["score"]>,
    settings: (metric, choice) => call("settings", [metric, choice]) as ReturnType<InferenceService["settings"]>,
    comparePair: (request: ComparePairRequest) => call("comparePair", [request]) as ReturnType<InferenceService["comparePair"]>,
    tap: (request) => call("tap", [request]) as ReturnType<InferenceService["tap"]>,
    listTaps: (request) => call("listTaps", [request]) as ReturnType<InferenceService["listTaps"]>,
    device: () => call("device", []) as ReturnType<InferenceService["device"]>,
    devices: () => call("devices", []) as ReturnType<InferenceService["devices"]>,
    async chooseDevice(chosen) {
      const found = await (call("chooseDevice", [chosen]) as ReturnType<InferenceService["chooseDevice"]>);
      device = chosen;
      return found;
    },
    selfTest: (device) => call("selfTest", [device]) as ReturnType<InferenceService["selfTest"]>,
    async dispose() {
      isDisposed = true;
      await Promise.allSettled(answers);
      if (worker !== null) await stop(worker);
    },
  };
}
