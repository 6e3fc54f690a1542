/** @file The built interface as responses, with the content policy of a page that talks to its own origin alone. */
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { contentPolicy } from "../../platform/content-policy";

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

/** Where the built interface lies beside the built host. */
export const rendererFolder = fileURLToPath(new URL("../renderer", import.meta.url));

/** The file of the interface for a URL path; the page itself for `/`. Null when there is none. */
export async function staticResponse(urlPath: string): Promise<{ body: Buffer; headers: Record<string, string> } | null> {
  const relative = urlPath === "/" ? "index.html" : decodeURIComponent(urlPath.slice(1));
  const path = normalize(join(rendererFolder, relative));
  if (!path.startsWith(rendererFolder + sep)) return null;
  const contentType = contentTypes[extname(path)];
  if (!contentType) return null;
  try {
    const body = await readFile(path);
    return {
      body,
      headers: {
        "content-type": contentType,
        "content-security-policy": contentPolicy,
        "x-content-type-options": "nosniff",
        "cache-control": "no-cache",
      },
    };
  } catch {
    return null;
  }
}
