/** @file One client of the engine contract that outlives its connections: a web socket in a browser, a message port in the desktop window. */
import { createORPCClient } from "@orpc/client";
import type { ClientContext, ClientLink } from "@orpc/client";
import { RPCLink as PortLink } from "@orpc/client/message-port";
import { RPCLink as SocketLink } from "@orpc/client/websocket";
import { appError } from "#shared/domain/app-error";
import { markDown, markUp } from "../lib/connection";
import type { EngineClient, ShellClient } from "../lib/engine";

type Link = ClientLink<ClientContext>;

/** Close code of the host when the engine process ended under it. */
const engineDownCloseCode = 4001;
const firstRetryMs = 250;
const longestRetryMs = 4000;
/** An engine that reads a large library at its start may take a while. */
const answerWithinMs = 20_000;

/** Whether the page runs in the desktop window. */
export const isDesktop = navigator.userAgent.includes("Electron");

/** Hands calls to the connection of the moment; calls made while there is none wait for the next one. */
class CurrentLink implements Link {
  #link: Link | null = null;
  #waiting: ((link: Link) => void)[] = [];

  set(link: Link): void {
    this.#link = link;
    for (const resume of this.#waiting.splice(0)) resume(link);
  }

  clear(): void {
    this.#link = null;
  }

  async call(...[path, input, options]: Parameters<Link["call"]>): Promise<unknown> {
    const link = this.#link ?? (await this.#next(options.signal));
    return link.call(path, input, options);
  }

  #next(signal: AbortSignal | undefined): Promise<Link> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(resolve);
      signal?.addEventListener("abort", () => reject(appError("engine/unavailable", "The engine is not running.")), { once: true });
    });
  }
}

/** Starts connecting and returns the client at once. */
export function connectEngine(): EngineClient {
  const current = new CurrentLink();
  if (isDesktop) connectPort(current);
  else connectSocket(current);
  return createORPCClient<EngineClient>(current);
}

/** The desktop window's own services; null in a browser. */
export function connectShell(): ShellClient | null {
  if (!isDesktop) return null;
  const current = new CurrentLink();
  onPort("semblance:shell-port", (port) => current.set(new PortLink({ port })));
  requestPort("semblance:request-shell-port");
  return createORPCClient<ShellClient>(current);
}

/** A connection counts once the engine has answered over it; silence counts as a refusal. */
async function admit(current: CurrentLink, link: Link): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), answerWithinMs);
  try {
    await createORPCClient<EngineClient>(link).system.status({}, { signal: silence.signal });
  } finally {
    clearTimeout(timer);
  }
  current.set(link);
  markUp();
}

function connectSocket(current: CurrentLink, retryMs = firstRetryMs): void {
  const url = new URL("/rpc", window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const websocket = new WebSocket(url);
  let wasUp = false;
  websocket.addEventListener("open", () => {
    admit(current, new SocketLink({ websocket })).then(
      () => (wasUp = true),
      () => websocket.close(),
    );
  });
  websocket.addEventListener("close", (event) => {
    current.clear();
    markDown(event.code === engineDownCloseCode);
    const nextMs = wasUp ? firstRetryMs : Math.min(longestRetryMs, retryMs * 2);
    setTimeout(() => connectSocket(current, nextMs), wasUp ? firstRetryMs : retryMs);
  });
}

function connectPort(current: CurrentLink): void {
  const request = (): void => requestPort("semblance:request-engine-port");
  onPort("semblance:engine-port", (port) => void admit(current, new PortLink({ port })).catch(() => setTimeout(request, firstRetryMs)));
  window.addEventListener("message", (event: MessageEvent<{ type?: string } | null>) => {
    if (event.source !== window) return;
    if (event.data?.type === "semblance:engine-up") request();
    if (event.data?.type !== "semblance:engine-down") return;
    current.clear();
    markDown(true);
  });
  request();
}

function onPort(type: string, use: (port: MessagePort) => void): void {
  window.addEventListener("message", (event: MessageEvent<{ type?: string } | null>) => {
    const [port] = event.ports;
    if (event.source !== window || event.data?.type !== type || !port) return;
    use(port);
    port.start();
  });
}

function requestPort(type: string): void {
  window.postMessage({ type }, "*");
}
