/** @file Puts answers of a test's own over some areas of a fake engine. A client is a proxy, so it cannot be spread. */
import type { EngineClient } from "../lib/engine";

/** The client with whole areas (e.g. `search`) replaced, or an area of it with some of its answers. */
export function withAnswers<Client extends object = EngineClient>(client: Client, answers: Readonly<Record<string, unknown>>): Client {
  return new Proxy(client, {
    get: (target, area) => (typeof area === "string" && area in answers ? answers[area] : Reflect.get(target, area)),
  });
}
