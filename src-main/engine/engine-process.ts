/** @file The engine as a process of its own: an Electron utility process or a forked Node process. See [Note: Three processes]. */
import type { MessagePortMainLike } from "@orpc/client/message-port";
import { RPCHandler } from "@orpc/server/message-port";
import { toAppError } from "#shared/domain/app-error";
import { createEngine, type Engine } from "./engine";
import { type Frame, type FromEngine, type ToEngine, engineInitSchema } from "./host-protocol";

/** The parent of this process, whichever kind it is. */
interface HostLink {
  post(message: FromEngine): void;
  listen(onMessage: (message: ToEngine, port: MessagePortMainLike | undefined) => void, onLost: () => void): void;
}

interface UtilityParentPort {
  postMessage(message: unknown): void;
  on(event: "message", listener: (event: { data: unknown; ports: MessagePortMainLike[] }) => void): void;
}

/** A connection whose frames are carried by the host link; looks like a message port to the RPC handler. */
class VirtualPort {
  readonly #listeners = new Map<string, (event?: { data: unknown }) => void>();
  readonly #send: (frame: Frame) => void;

  constructor(send: (frame: Frame) => void) {
    this.#send = send;
  }

  on(event: string, listener: (event?: { data: unknown }) => void): void {
    this.#listeners.set(event, listener);
  }

  postMessage(frame: Frame): void {
    this.#send(frame);
  }

  receive(frame: Frame): void {
    this.#listeners.get("message")?.({ data: frame });
  }

  close(): void {
    this.#listeners.get("close")?.();
  }
}

/** Serves one engine to one host until told to stop or until the host is gone. */
class EngineServer {
  readonly #host: HostLink;
  readonly #connections = new Map<number, VirtualPort>();
  #engine: Engine | null = null;
  #handler: RPCHandler<Record<never, never>> | null = null;

  constructor(host: HostLink) {
    this.#host = host;
    host.listen(
      (message, port) => void this.#receive(message, port),
      () => void this.#shutDown(),
    );
  }

  async #receive(message: ToEngine, port: MessagePortMainLike | undefined): Promise<void> {
    switch (message.type) {
      case "init":
        return this.#start(message.init);
      case "connect":
        if (port) this.#handler?.upgrade(port);
        return;
      case "open":
        return this.#open(message.connection);
      case "frame":
        return this.#connections.get(message.connection)?.receive(message.frame);
      case "close":
        this.#connections.get(message.connection)?.close();
        this.#connections.delete(message.connection);
        return;
      case "media":
        return this.#answer(message.call, async (engine) => ({
          type: "media-file",
          call: message.call,
          file: await engine.media(message.request),
        }));
      case "outside-image":
        return this.#answer(message.call, async (engine) => ({
          type: "outside-image",
          call: message.call,
          asset: await engine.addOutsideImage(message.path),
        }));
      case "shutdown":
        return this.#shutDown();
    }
  }

  async #start(init: unknown): Promise<void> {
    try {
      const options = engineInitSchema.parse(init);
      this.#engine = await createEngine({
        libraryPath: options.libraryPath,
        readOnly: options.readOnly,
        offline: options.offline,
        hasCrashed: options.hasCrashed,
        device: options.device,
        threads: options.threads,
        inference: "worker",
      });
      this.#engine.watching.start();
      this.#handler = new RPCHandler(this.#engine.router);
      this.#host.post({ type: "ready" });
    } catch (error) {
      this.#host.post({ type: "failed", error: toAppError(error).toShape() });
    }
  }

  #open(connection: number): void {
    const port = new VirtualPort((frame) => this.#host.post({ type: "frame", connection, frame }));
    this.#connections.set(connection, port);
    this.#handler?.upgrade(port);
  }

  async #answer(call: number, ask: (engine: Engine) => Promise<FromEngine>): Promise<void> {
    if (!this.#engine) return;
    try {
      this.#host.post(await ask(this.#engine));
    } catch (error) {
      this.#host.post({ type: "refused", call, error: toAppError(error).toShape() });
    }
  }

  async #shutDown(): Promise<void> {
    for (const port of this.#connections.values()) port.close();
    await this.#engine?.dispose().catch(() => undefined);
    process.exit(0);
  }
}

/** The link of a forked Node process. */
function forkedHost(): HostLink {
  return {
    post: (message) => void process.send?.(message),
    listen: (onMessage, onLost) => {
      process.on("message", (message) => onMessage(message as ToEngine, undefined));
      process.on("disconnect", onLost);
    },
  };
}

/** The link of an Electron utility process, where RPC ports arrive as transferred ports. */
function utilityHost(parentPort: UtilityParentPort): HostLink {
  return {
    post: (message) => parentPort.postMessage(message),
    listen: (onMessage) => {
      parentPort.on("message", ({ data, ports }) => {
        const port = ports[0];
        (port as { start?: () => void } | undefined)?.start?.();
        onMessage(data as ToEngine, port);
      });
    },
  };
}

const parentPort = (process as { parentPort?: UtilityParentPort }).parentPort;
new EngineServer(parentPort ? utilityHost(parentPort) : forkedHost());
