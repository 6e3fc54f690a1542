/** @file The loopback HTTP server: the interface, its pictures, and the upgrade to the RPC socket. Bound to 127.0.0.1 only. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { appError } from "#shared/domain/app-error";
import type { EngineHost } from "../../engine/engine-host";
import { handleMedia } from "../../engine/media-handler";
import { type AccessControl, isLoopbackHost, isOwnOrigin } from "./access-token";
import { staticResponse } from "./static-files";
import { serveWebSocket } from "./websocket";

export interface HttpServerOptions {
  readonly host: EngineHost;
  readonly access: AccessControl;
  readonly port: number;
}

/**
 * Starts listening; resolves with the server and the port it got (`port` 0 takes any free one).
 * @throws host/port-in-use when another program has the port
 */
export async function startHttpServer({ host, access, port }: HttpServerOptions): Promise<{ server: Server; port: number }> {
  const media = getRequestListener((request) => handleMedia(host, request));
  const address = { port };
  const server = createServer((request, response) => {
    void route(request, response).catch(() => refuse(response, 500, "The host failed to answer."));
  });

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isLoopbackHost(request, address.port)) return refuse(response, 403, "This host answers only under its own loopback address.");
    const url = new URL(request.url ?? "/", `http://127.0.0.1:${address.port}`);
    const token = url.searchParams.get("token");
    if (token !== null && (access.redeem(token) || access.hasSession(request))) {
      response.writeHead(303, { location: "/", "set-cookie": access.sessionCookie() }).end();
      return;
    }
    if (!access.hasSession(request))
      return refuse(response, 401, "This address was used already, or the host was started anew. Take a fresh address from the terminal.");
    if (url.pathname.startsWith("/media/")) {
      if (request.method !== "GET" && !isOwnOrigin(request, address.port))
        return refuse(response, 403, "Only the page of this host may send pictures.");
      return media(request, response);
    }
    const file = request.method === "GET" ? await staticResponse(url.pathname) : null;
    if (!file) return refuse(response, 404, "Not found.");
    response.writeHead(200, file.headers).end(file.body);
  }

  serveWebSocket(server, {
    host,
    isAllowed: (request) => isLoopbackHost(request, address.port) && isOwnOrigin(request, address.port) && access.hasSession(request),
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === "EADDRINUSE" || error.code === "EACCES";
      reject(
        isTaken
          ? appError("host/port-in-use", `Port ${port} is in use.`, {
              hint: "Choose another with --port N, or leave --port out to take any free one.",
            })
          : error,
      );
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  const bound = server.address();
  if (bound !== null && typeof bound === "object") address.port = bound.port;
  return { server, port: address.port };
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  response
    .writeHead(status, { "content-type": "text/plain; charset=utf-8", "content-security-policy": "default-src 'none'" })
    .end(`${sentence}\n`);
}
