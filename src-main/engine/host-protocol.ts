/**
 * @file What a host process and its engine process say to each other.
 *
 * [Note: Three processes] The engine may die with its driver or with a checkpoint that is truncated under it, so it is a process of its own and
 * its host restarts it. Frames of the view's RPC pass the host unread, and pictures cross as paths: the host never decodes, infers or queries.
 */
import { z } from "zod";
import type { MediaRequest } from "#shared/contract/media-routes";
import type { AppErrorShape } from "#shared/domain/app-error";
import type { AssetSummary } from "#shared/domain/asset";
import { deviceIdSchema } from "#shared/domain/device";

/** How an engine process is to be composed; parsed on arrival, since it crosses a process border. */
export const engineInitSchema = z.object({
  libraryPath: z.string().nullable(),
  readOnly: z.boolean(),
  device: deviceIdSchema.nullable(),
  threads: z.number().int().positive().nullable(),
  offline: z.boolean(),
  /** Whether the engine process before this one died. */
  hasCrashed: z.boolean().default(false),
});
export type EngineInit = Readonly<z.input<typeof engineInitSchema>>;

/** A file that answers a media request. */
export interface MediaFile {
  readonly path: string;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One RPC message as the transport made it. */
export type Frame = string | Uint8Array;

/** Host to engine. `connect` comes with a message port; `open`, `frame` and `close` carry a connection where ports cannot be passed. */
export type ToEngine =
  | { readonly type: "init"; readonly init: EngineInit }
  | { readonly type: "connect" }
  | { readonly type: "open"; readonly connection: number }
  | { readonly type: "frame"; readonly connection: number; readonly frame: Frame }
  | { readonly type: "close"; readonly connection: number }
  | { readonly type: "media"; readonly call: number; readonly request: MediaRequest }
  | { readonly type: "outside-image"; readonly call: number; readonly path: string }
  | { readonly type: "shutdown" };

/** Engine to host. */
export type FromEngine =
  | { readonly type: "ready" }
  | { readonly type: "failed"; readonly error: AppErrorShape }
  | { readonly type: "frame"; readonly connection: number; readonly frame: Frame }
  | { readonly type: "media-file"; readonly call: number; readonly file: MediaFile }
  | { readonly type: "outside-image"; readonly call: number; readonly asset: AssetSummary }
  | { readonly type: "refused"; readonly call: number; readonly error: AppErrorShape };
