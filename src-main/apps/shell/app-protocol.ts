/** @file `app://semblance/...`: the interface and the library's pictures under one origin of their own, without a web server. */
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { protocol } from "electron";
import type { EngineHost } from "../../engine/engine-host";
import { handleMedia } from "../../engine/media-handler";
import { contentPolicy } from "../../platform/content-policy";

export const appOrigin = "app://semblance";

const rendererFolder = fileURLToPath(new URL("../renderer", import.meta.url));

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

/** Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: "app", privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

/** Answers `app://` requests from the built interface and from the engine. */
export function serveAppProtocol(host: EngineHost): void {
  protocol.handle("app", (request) => {
    const url = new URL(request.url);
    if (url.host !== "semblance") return new Response("Not found", { status: 404 });
    return url.pathname.startsWith("/media/") ? handleMedia(host, request) : serveInterface(url.pathname);
  });
}

async function serveInterface(urlPath: string): Promise<Response> {
  const relative = urlPath === "/" ? "index.html" : decodeURIComponent(urlPath.slice(1));
  const path = normalize(join(rendererFolder, relative));
  const contentType = contentTypes[extname(path)];
  if (!path.startsWith(rendererFolder + sep) || !contentType) return new Response("Not found", { status: 404 });
  try {
    const body = new Uint8Array(await readFile(path));
    return new Response(body, { headers: { "content-type": contentType, "content-security-policy": contentPolicy } });
  } catch {
    return new Response("Not found", { status: 404 });
  }
}
