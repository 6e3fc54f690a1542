/** @file Answers `/media/...` requests with web-standard responses; mounted by the window's protocol and by the headless host. */
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { type MediaRequest, outsideImageUrl, thumbnailSizes } from "#shared/contract/media-routes";
import { type AppErrorCode, appError, toAppError } from "#shared/domain/app-error";
import { assetIdSchema } from "#shared/domain/asset";
import { benchmarkIdSchema, tripletSideSchema } from "#shared/domain/benchmark";
import { metricNameSchema } from "#shared/domain/feature-recipe";
import type { EngineHost } from "./engine-host";

/** Largest picture accepted from outside the library. */
const outsideImageLimitBytes = 256 * 1024 * 1024;

/** Reads a media path such as `/media/thumbnail/256/<assetId>`; null when it is none. */
export function parseMediaPath(path: string): MediaRequest | null {
  const [, media, kind, ...rest] = path.split("/");
  if (media !== "media") return null;
  if (kind === "judged") return parseJudged(rest);
  const assetId = assetIdSchema.safeParse(rest.at(-1));
  if (!assetId.success) return null;
  if (kind === "picture" && rest.length === 1) return { kind, assetId: assetId.data };
  if (kind === "thumbnail" && rest.length === 2) {
    const size = sizeOf(rest[0]);
    return size === undefined ? null : { kind, assetId: assetId.data, size };
  }
  if (kind === "tokens" && rest.length === 2) {
    const metric = metricNameSchema.safeParse(rest[0]);
    return metric.success ? { kind, assetId: assetId.data, metric: metric.data } : null;
  }
  return null;
}

const sizeOf = (text: string | undefined) => thumbnailSizes.find((each) => String(each) === text);

/** `<size>/<set>/<place>/<side>`: names a triplet of a known set, never a path. */
function parseJudged([sizeText, setText, indexText = "", sideText, ...rest]: readonly string[]): MediaRequest | null {
  const size = sizeOf(sizeText);
  const setId = benchmarkIdSchema.safeParse(setText);
  const side = sideText === "reference" ? sideText : tripletSideSchema.safeParse(sideText).data;
  if (rest.length > 0 || size === undefined || !setId.success || side === undefined || !/^\d{1,7}$/.test(indexText)) return null;
  return { kind: "judged", size, setId: setId.data, index: Number(indexText), side };
}

/** Serves pictures and tokens of the library by asset id, and takes pictures from outside by POST. */
export async function handleMedia(host: EngineHost, request: Request): Promise<Response> {
  try {
    const path = new URL(request.url).pathname;
    if (path === outsideImageUrl && request.method === "POST") return await takeOutsideImage(host, request);
    const media = parseMediaPath(path);
    if (!media || request.method !== "GET") return new Response("Not found", { status: 404 });
    return await serveFile(host, media, request);
  } catch (error) {
    const shape = toAppError(error).toShape();
    return Response.json({ error: shape }, { status: statusOf(shape.code) });
  }
}

async function serveFile(host: EngineHost, media: MediaRequest, request: Request): Promise<Response> {
  const file = await host.media(media);
  const { size, mtimeMs } = await stat(file.path);
  const etag = `"${size.toString(36)}-${Math.trunc(mtimeMs).toString(36)}"`;
  const headers = { ...file.headers, "content-type": file.contentType, "cache-control": "private, max-age=86400", etag };
  if (request.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers });
  const body = Readable.toWeb(createReadStream(file.path)) as ReadableStream<Uint8Array>;
  return new Response(body, { headers: { ...headers, "content-length": String(size) } });
}

async function takeOutsideImage(host: EngineHost, request: Request): Promise<Response> {
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > outsideImageLimitBytes) throw tooLarge();
  if (!request.body) throw appError("image/unreadable", "No picture was sent.");
  const folder = await mkdtemp(join(tmpdir(), "semblance-outside-"));
  try {
    const path = join(folder, "picture");
    let received = 0;
    await pipeline(
      Readable.fromWeb(request.body as NodeReadableStream<Uint8Array>),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          received += chunk.byteLength;
          if (received > outsideImageLimitBytes) throw tooLarge();
          yield chunk;
        }
      },
      createWriteStream(path),
    );
    return Response.json(await host.addOutsideImage(path));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function tooLarge(): Error {
  return appError("image/too-large", "The picture is larger than 256 MB.", {
    hint: "Add its folder to the library instead; files there may be any size.",
  });
}

function statusOf(code: AppErrorCode): number {
  if (code === "asset/not-found") return 404;
  if (code.startsWith("engine/")) return 503;
  return code === "internal/fault" ? 500 : 422;
}
