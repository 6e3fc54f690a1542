/** @file The headless host over a library, as a browser that asks for the first grid meets it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/websocket";
import type { ContractRouterClient } from "@orpc/contract";
import { WebSocket } from "ws";
import type { EngineContract } from "#shared/contract/engine-contract";
import { ensureBuilt } from "../../../build/scripts/ensure-built.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));

export interface ServedLibrary {
  readonly client: ContractRouterClient<EngineContract>;
  /** Since the process was started. */
  elapsedMs(): number;
  stop(): Promise<void>;
}

/** Starts the host and connects to it as a page does. */
export async function serveLibrary(libraryPath: string): Promise<ServedLibrary> {
  ensureBuilt();
  const start = performance.now();
  const host = spawn(process.execPath, [join(root, "out/main/headless.js"), "--port", "0", "--library", libraryPath, "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface({ input: host.stdout }), "line")) as [string];
  const address = new URL((JSON.parse(line) as { address: string }).address);
  const entry = await fetch(address, { redirect: "manual" });
  const cookie = (entry.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const socket = new WebSocket(`ws://${address.host}/rpc`, { headers: { cookie, origin: address.origin } });
  await once(socket, "open");
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  return {
    client: createORPCClient(link),
    elapsedMs: () => performance.now() - start,
    async stop() {
      socket.close();
      const exited = once(host, "exit");
      host.kill("SIGTERM");
      await exited;
    },
  };
}
