/** @file The RPC socket: frames go between the page and the engine process unread. */
import type { IncomingMessage, Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import type { EngineHost } from "../../engine/engine-host";

export interface WebSocketOptions {
  readonly host: EngineHost;
  readonly isAllowed: (request: IncomingMessage) => boolean;
}

/** Close code that tells the page its engine died; it reconnects when the engine is back. */
export const engineDownCloseCode = 4001;

/** Relays each socket at `/rpc` to a connection of its own. Sockets are closed when the engine dies, so that no call hangs. */
export function serveWebSocket(server: Server, { host, isAllowed }: WebSocketOptions): void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 * 1024 });
  server.on("upgrade", (request, socket, head) => {
    if (new URL(request.url ?? "/", "http://127.0.0.1").pathname !== "/rpc" || !isAllowed(request)) {
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (host.isUp) relay(webSocket, host);
      else webSocket.close(engineDownCloseCode, "engine down");
    });
  });
  server.on("semblance:engine-down", () => {
    for (const webSocket of sockets.clients) webSocket.close(engineDownCloseCode, "engine down");
  });
}

function relay(webSocket: WebSocket, host: EngineHost): void {
  const connection = host.openConnection((frame) => {
    if (webSocket.readyState === webSocket.OPEN) webSocket.send(frame);
  });
  webSocket.on("message", (message, isBinary) => {
    const bytes = Array.isArray(message) ? Buffer.concat(message) : Buffer.from(message as Buffer);
    connection.send(isBinary ? new Uint8Array(bytes) : bytes.toString("utf8"));
  });
  webSocket.on("close", () => connection.close());
}
