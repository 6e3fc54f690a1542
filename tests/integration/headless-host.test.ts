/** @file The headless host as a browser and as an intruder see it, and its engine dying under it. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createORPCClient } from "@orpc/client";
import { RPCLink } from "@orpc/client/websocket";
import type { ContractRouterClient } from "@orpc/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { ensureBuilt } from "../../build/scripts/ensure-built.mjs";
import type { EngineContract } from "../../src-shared/contract/engine-contract";

const root = fileURLToPath(new URL("../../", import.meta.url));
let library: string;
let host: ChildProcess;
let address: URL;
let cookie: string;

beforeAll(async () => {
  ensureBuilt();
  library = await mkdtemp(join(tmpdir(), "semblance-headless-"));
  host = spawn(process.execPath, [join(root, "out/main/headless.js"), "--port", "0", "--library", library, "--json"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [line] = (await once(createInterface({ input: host.stdout! }), "line")) as [string];
  address = new URL((JSON.parse(line) as { address: string }).address);
});

afterAll(async () => {
  const exited = once(host, "exit");
  host.kill("SIGTERM");
  await exited;
  await rm(library, { recursive: true, force: true });
});

/** A plain request with the headers given, so that Host and Origin can lie. */
function get(
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ host: "127.0.0.1", port: address.port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    call.once("error", reject).end();
  });
}

function connect(headers: Record<string, string>): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${address.port}/rpc`, { headers });
}

describe("access", () => {
  test("nothing is served without a session", async () => {
    expect((await get("/")).status).toBe(401);
    expect((await get("/media/thumbnail/256/00000000000000000000000000000000")).status).toBe(401);
  });

  test("the address opens once and gives a strict cookie", async () => {
    const first = await get(`${address.pathname}${address.search}`);
    expect(first.status).toBe(303);
    const setCookie = first.headers["set-cookie"]?.[0] ?? "";
    expect(setCookie).toMatch(/HttpOnly; SameSite=Strict/);
    cookie = setCookie.split(";")[0] ?? "";
    expect((await get(`${address.pathname}${address.search}`)).status).toBe(401);
    expect((await get("/", { cookie })).body).toContain("<div id=");
  });

  test("another host name is refused, as DNS rebinding would send", async () => {
    expect((await get("/", { cookie, host: "evil.example" })).status).toBe(403);
  });

  test("files outside the interface are not served", async () => {
    expect((await get("/..%2f..%2fpackage.json", { cookie })).status).toBe(404);
    expect((await get("/%2e%2e/%2e%2e/package.json", { cookie })).status).toBe(404);
  });

  test("the socket and uploads want this host's own page", async () => {
    const foreign = connect({ cookie, origin: "http://evil.example" });
    const [error] = (await once(foreign, "error")) as [Error];
    expect(error.message).toContain("403");
    expect((await get("/media/outside", { cookie, origin: "http://evil.example" }, "POST")).status).toBe(403);
  });
});

describe("engine", () => {
  const origin = (): string => `http://127.0.0.1:${address.port}`;

  function open(): { client: ContractRouterClient<EngineContract>; socket: WebSocket } {
    const socket = connect({ cookie, origin: origin() });
    const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
    return { client: createORPCClient<ContractRouterClient<EngineContract>>(link), socket };
  }

  test("answers over the socket, with typed errors", async () => {
    const { client, socket } = open();
    const status = await client.system.status({});
    expect(status).toMatchObject({ libraryPath: library, isFirstRun: true, assetCount: 0 });
    await expect(client.roots.add({ paths: [join(library, "nowhere")] })).rejects.toMatchObject({
      code: "APP_ERROR",
      data: { code: "root/not-found" },
    });
    socket.close();
  });

  test("a killed engine closes its sockets and is started again", async () => {
    const before = open();
    await before.client.system.status({});
    const closed = once(before.socket, "close");
    const children = execFileSync("pgrep", ["-P", String(host.pid)], { encoding: "utf8" })
      .trim()
      .split("\n")
      .map(Number);
    for (const child of children) process.kill(child, "SIGKILL");
    const [code] = (await closed) as [number];
    expect(code).toBe(4001);
    const status = await untilUp();
    expect(status.libraryPath).toBe(library);
  });

  async function untilUp(): Promise<{ libraryPath: string }> {
    for (let attempt = 0; attempt < 60; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 250));
      const { client, socket } = open();
      const closed = once(socket, "close").then(() => null);
      const status = await Promise.race([client.system.status({}).catch(() => null), closed]);
      socket.close();
      if (status) return status;
    }
    throw new Error("the engine did not come back within 15 seconds");
  }
});

test("a port in use gets a sentence and exit code 3", async () => {
  const second = spawn(
    process.execPath,
    [join(root, "out/main/headless.js"), "--port", address.port, "--library", join(library, "second")],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const chunks: Buffer[] = [];
  second.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(second, "exit")) as [number];
  expect(code).toBe(3);
  expect(Buffer.concat(chunks).toString("utf8")).toContain(`Port ${address.port} is in use. Choose another with --port`);
});

test("a library that another process has open gets a sentence naming it", async () => {
  const second = spawn(process.execPath, [join(root, "out/main/headless.js"), "--port", "0", "--library", library], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const chunks: Buffer[] = [];
  second.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [code] = (await once(second, "exit")) as [number];
  expect(code).toBe(3);
  expect(Buffer.concat(chunks).toString("utf8")).toMatch(/in use by process \d+\. Close the other Semblance/);
});

test("the interface's page forbids everything but its own origin", async () => {
  const page = await get("/", { cookie });
  expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
  expect(await readFile(join(root, "out/renderer/index.html"), "utf8")).toBe(page.body);
});
