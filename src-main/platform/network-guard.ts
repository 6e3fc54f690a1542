/**
 * @file Counts connections that leave this machine, and refuses them when asked to. The program makes none by itself; this holds the libraries
 * it is made of to it.
 */
import { Socket } from "node:net";
import { appError } from "#shared/domain/app-error";

type Connect = (this: Socket, ...args: unknown[]) => Socket;

let made = 0;
let isRefused = false;
let isWatching = false;

/** Refuses every connection to another machine from now on, for the life of this process; who tries gets network/refused. */
export function refuseNetwork(): void {
  watchNetwork();
  isRefused = true;
}

/** Begins to count. Called again it does nothing. */
export function watchNetwork(): void {
  if (isWatching) return;
  isWatching = true;
  // Every client of Node (http, tls, fetch) opens its connections through this one method.
  const connect = Socket.prototype.connect as Connect;
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
    const host = remoteHost(args);
    if (host === null) return connect.apply(this, args);
    if (!isRefused) {
      made += 1;
      return connect.apply(this, args);
    }
    return this.destroy(
      appError("network/refused", `A connection to ${host} was refused.`, { hint: "Leave out --offline if it is meant to be made." }),
    );
  };
}

/** How many connections to other machines were made since {@link watchNetwork}. */
export function networkRequestCount(): number {
  return made;
}

/** The other machine that the arguments of `connect` name; null for this machine and for pipes. */
function remoteHost([given, ...rest]: readonly unknown[]): string | null {
  // `net.connect` passes its arguments on as one array.
  if (Array.isArray(given)) return remoteHost(given as readonly unknown[]);
  if (typeof given === "string" && !/^\d+$/.test(given)) return null;
  const named = typeof given === "object" && given !== null ? (given as { path?: unknown; host?: unknown }) : { host: rest[0] };
  if (typeof named.path === "string") return null;
  const host = typeof named.host === "string" && named.host !== "" ? named.host : "localhost";
  return host === "localhost" || host === "::1" || host.startsWith("127.") ? null : host;
}
