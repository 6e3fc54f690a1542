/** @file Who may talk to the headless host: whoever opened the one-time address, known afterwards by a cookie. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Issues one-time tokens and recognises the session cookie that one is exchanged for. Browsers share cookies between ports, so each host names its own. */
export class AccessControl {
  readonly #cookieName = `semblance-${randomBytes(4).toString("hex")}`;
  readonly #session = randomBytes(32).toString("hex");
  readonly #tokens = new Set<string>();

  /** A token that opens the host once. */
  issueToken(): string {
    const token = randomBytes(16).toString("hex");
    this.#tokens.add(token);
    return token;
  }

  /** Uses up a token; true when it was one that had been issued and not used. */
  redeem(token: string): boolean {
    return this.#tokens.delete(token);
  }

  /** The `Set-Cookie` header of a redeemed token. */
  sessionCookie(): string {
    return `${this.#cookieName}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** Whether the request carries this host's session cookie. */
  hasSession(request: IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? "").split(";").map((pair) => pair.trim());
    const value = cookies.find((pair) => pair.startsWith(`${this.#cookieName}=`))?.slice(this.#cookieName.length + 1) ?? "";
    return value.length === this.#session.length && timingSafeEqual(Buffer.from(value), Buffer.from(this.#session));
  }
}

/** Whether the request names this host itself; anything else is a page elsewhere that resolved its own name to this machine. */
export function isLoopbackHost(request: IncomingMessage, port: number): boolean {
  const host = request.headers.host ?? "";
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}

/** Whether a request that changes something comes from this host's own page. */
export function isOwnOrigin(request: IncomingMessage, port: number): boolean {
  const origin = request.headers.origin;
  return origin === `http://127.0.0.1:${port}` || origin === `http://localhost:${port}`;
}
