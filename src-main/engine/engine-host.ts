/** @file The host's end of an engine process: starts it, restarts it when it dies, and passes calls. See [Note: Three processes]. */
import { type AppError, appError, toAppError } from "#shared/domain/app-error";
import type { AssetSummary } from "#shared/domain/asset";
import type { MediaRequest } from "#shared/contract/media-routes";
import type { EngineInit, Frame, FromEngine, MediaFile, ToEngine } from "./host-protocol";

/** A started engine process, forked or utility. `post` may carry transferable ports. */
export interface EngineChild {
  post(message: ToEngine, transfer?: readonly unknown[]): void;
  onMessage(listener: (message: FromEngine) => void): void;
  onExit(listener: (code: number | null) => void): void;
  kill(): void;
}

export interface EngineHostOptions {
  readonly spawn: () => EngineChild;
  readonly init: EngineInit;
  /** Told when the engine died (and will be started again, or not). */
  readonly onDown: (error: AppError, willRestart: boolean) => void;
  /** Told when a restarted engine answers again. */
  readonly onUp: () => void;
}

interface PendingCall {
  readonly resolve: (value: MediaFile | AssetSummary) => void;
  readonly reject: (error: AppError) => void;
}

const maximumRestarts = 3;
const restartDelaysMs = [250, 1000, 4000];
/** An engine that lived this long is healthy: earlier deaths no longer count. */
const healthyAfterMs = 60_000;

/** Keeps one engine process alive and routes messages to it. */
export class EngineHost {
  readonly #options: EngineHostOptions;
  readonly #calls = new Map<number, PendingCall>();
  readonly #connections = new Map<number, (frame: Frame) => void>();
  #child: EngineChild | null = null;
  #lastCall = 0;
  #lastConnection = 0;
  #restarts = 0;
  #startedMs = 0;
  #isStopping = false;
  #isServing = false;

  constructor(options: EngineHostOptions) {
    this.#options = options;
  }

  /** Starts the engine process; resolves when it serves, rejects with its own sentence when it cannot. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const child = this.#options.spawn();
      this.#child = child;
      this.#startedMs = Date.now();
      let isReady = false;
      child.onMessage((message) => {
        if (message.type === "ready") {
          isReady = true;
          this.#isServing = true;
          resolve();
        } else if (message.type === "failed") {
          this.#isStopping = true;
          reject(toAppError(message.error));
          child.kill();
        } else {
          this.#receive(message);
        }
      });
      child.onExit((code) => {
        if (!isReady) reject(appError("engine/crashed", `The engine process ended with code ${code ?? "unknown"} before it was ready.`));
        this.#ended(code, isReady);
      });
      child.post({ type: "init", init: { ...this.#options.init, hasCrashed: this.#restarts > 0 } });
    });
  }

  /** Whether an engine process is there and answers; one that is still starting would lose what it is sent. */
  get isUp(): boolean {
    return this.#child !== null && this.#isServing;
  }

  /** Opens a relayed RPC connection; `onFrame` gets what the engine answers. */
  openConnection(onFrame: (frame: Frame) => void): { send(frame: Frame): void; close(): void } {
    const connection = ++this.#lastConnection;
    this.#connections.set(connection, onFrame);
    this.#child?.post({ type: "open", connection });
    return {
      send: (frame) => this.#child?.post({ type: "frame", connection, frame }),
      close: () => {
        this.#connections.delete(connection);
        this.#child?.post({ type: "close", connection });
      },
    };
  }

  /** Hands a message port to the engine, which serves RPC on it directly. */
  connectPort(port: unknown): void {
    this.#child?.post({ type: "connect" }, [port]);
  }

  /** The file that answers a media request. */
  async media(request: MediaRequest): Promise<MediaFile> {
    return (await this.#call((call) => ({ type: "media", call, request }))) as MediaFile;
  }

  /** Takes a picture from outside the library, to be used as a reference. */
  async addOutsideImage(path: string): Promise<AssetSummary> {
    return (await this.#call((call) => ({ type: "outside-image", call, path }))) as AssetSummary;
  }

  /** Asks the engine to finish and ends its process. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const child = this.#child;
    if (!child) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        child.kill();
        resolve();
      }, 5000);
      child.onExit(() => {
        clearTimeout(timer);
        resolve();
      });
      child.post({ type: "shutdown" });
    });
  }

  #call(message: (call: number) => ToEngine): Promise<MediaFile | AssetSummary> {
    return new Promise((resolve, reject) => {
      if (!this.#child || !this.#isServing) {
        reject(
          appError("engine/unavailable", "The engine is not running.", { hint: "It is started again by itself; try again in a moment." }),
        );
        return;
      }
      const call = ++this.#lastCall;
      this.#calls.set(call, { resolve, reject });
      this.#child.post(message(call));
    });
  }

  #receive(message: FromEngine): void {
    switch (message.type) {
      case "frame":
        this.#connections.get(message.connection)?.(message.frame);
        return;
      case "media-file":
      case "outside-image":
        this.#settle(message.call, (call) => call.resolve(message.type === "media-file" ? message.file : message.asset));
        return;
      case "refused":
        this.#settle(message.call, (call) => call.reject(toAppError(message.error)));
        return;
      case "ready":
      case "failed":
    }
  }

  #settle(call: number, settle: (pending: PendingCall) => void): void {
    const pending = this.#calls.get(call);
    this.#calls.delete(call);
    if (pending) settle(pending);
  }

  #ended(code: number | null, wasReady: boolean): void {
    this.#child = null;
    this.#isServing = false;
    const error = appError("engine/crashed", `The engine stopped unexpectedly (code ${code ?? "signal"}).`, {
      hint: "Its running jobs were ended; nothing that was stored is lost. Start them again, or choose another device if this happens twice.",
    });
    for (const pending of this.#calls.values()) pending.reject(error);
    this.#calls.clear();
    this.#connections.clear();
    // One that died before it was ready is told about by `start`, once.
    if (this.#isStopping || !wasReady) return;
    if (Date.now() - this.#startedMs > healthyAfterMs) this.#restarts = 0;
    this.#tellDown(error);
  }

  #tellDown(error: AppError): void {
    const willRestart = !this.#isStopping && this.#restarts < maximumRestarts;
    this.#options.onDown(error, willRestart);
    if (willRestart) this.#restart();
  }

  #restart(): void {
    const delay = restartDelaysMs[this.#restarts] ?? 4000;
    this.#restarts += 1;
    setTimeout(() => {
      if (this.#isStopping) return;
      this.start().then(
        () => this.#options.onUp(),
        (error: unknown) => this.#tellDown(toAppError(error)),
      );
    }, delay);
  }
}
