/** @file The engine's end of the inference worker: the same interface, every call a message. */
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SHARE_ENV, Worker } from "node:worker_threads";
import { appError, toAppError } from "#shared/domain/app-error";
import { fallbackFrom } from "#shared/domain/device";
import type { ComparePairRequest, InferenceMethod, InferenceNews, InferenceOptions, InferenceService, OnNews } from "./inference-service";
import type { InferenceAnswer, InferenceCall, NewsMessage } from "./worker-protocol";

interface PendingCall {
  readonly message: InferenceCall;
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

export interface WorkerInferenceParts {
  readonly onNews?: OnNews;
  /** Makes the worker; tests pass their own. */
  readonly start?: (options: InferenceOptions) => Worker;
}

/**
 * Runs the models in a worker thread. A worker that dies on a graphics card is followed by one on the processor, which does what was open; one
 * that dies on the processor fails its open calls and is started again by the next one.
 */
export function createWorkerInference(
  options: InferenceOptions,
  { onNews = () => undefined, start = startWorker }: WorkerInferenceParts = {},
): InferenceService {
  const pending = new Map<number, PendingCall>();
  const answers = new Set<Promise<unknown>>();
  let worker: Worker | null = null;
  let lastCall = 0;
  let { device, isDeviceTested = false } = options;
  let fallback = options.fallback ?? null;
  let isDisposed = false;

  function ended(cause: unknown): void {
    worker = null;
    if (device !== null && device !== "cpu" && !isDisposed) {
      heard({ kind: "fallback", fallback: fallbackFrom(device, "The models stopped running unexpectedly on the chosen device.") });
      for (const { message: open } of pending.values()) send(runningWorker(), open);
      return;
    }
    const error = appError("engine/crashed", "The models stopped running unexpectedly.", {
      hint: "Try again; if it happens twice, choose another device or fewer threads.",
      cause,
    });
    for (const call of pending.values()) call.reject(error);
    pending.clear();
  }

  /** Another worker would otherwise begin on the device that was given up, and test again what was tested. */
  function heard(news: InferenceNews): void {
    if (news.kind === "tested") isDeviceTested = news.result.ok;
    if (news.kind === "fallback") [device, fallback] = ["cpu", news.fallback];
    onNews(news);
  }

  function received(message: InferenceAnswer | NewsMessage): void {
    if ("news" in message) heard(message.news);
    else settle(message);
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
    const started = start({ ...options, device, isDeviceTested, fallback });
    started.on("message", received);
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
    const answer = new Promise<unknown>((resolve, reject) => pending.set(message.call, { message, resolve, reject }));
    answers.add(answer);
    void answer.catch(() => undefined).finally(() => answers.delete(answer));
    send(target, message);
    return answer;
  }

  function send(target: Worker, message: InferenceCall): void {
    target.ref();
    try {
      // Never moved: the caller may go on to use its pixels and features, and another worker may have to be sent them. Shared memory is not even copied.
      target.postMessage(message);
    } catch (error) {
      settle({ call: message.call, error: toAppError(error).toShape(), stack: undefined });
    }
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
    score: (...asked) => call("score", asked) as ReturnType<InferenceService["score"]>,
    settings: (metric, choice) => call("settings", [metric, choice]) as ReturnType<InferenceService["settings"]>,
    comparePair: (request: ComparePairRequest) => call("comparePair", [request]) as ReturnType<InferenceService["comparePair"]>,
    tap: (request) => call("tap", [request]) as ReturnType<InferenceService["tap"]>,
    listTaps: (request) => call("listTaps", [request]) as ReturnType<InferenceService["listTaps"]>,
    device: () => call("device", []) as ReturnType<InferenceService["device"]>,
    devices: () => call("devices", []) as ReturnType<InferenceService["devices"]>,
    async chooseDevice(chosen, isTested = false) {
      const found = await (call("chooseDevice", [chosen, isTested]) as ReturnType<InferenceService["chooseDevice"]>);
      [device, isDeviceTested, fallback] = [chosen, isTested, null];
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
