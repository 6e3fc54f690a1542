/** @file The client outlives its connections: calls wait for the next one, and a dead engine is told from a broken line. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useConnection } from "../lib/connection";
import { fakeDevice } from "../testing/fake-engine";
import { connectEngine } from "./connect";

const status = {
  version: "1",
  platform: "linux",
  libraryPath: "/library",
  isReadOnly: false,
  isFirstRun: true,
  assetCount: 0,
  issueCount: 0,
  sample: { isAvailable: false, isAdded: false, imageCount: 0 },
  device: { ...fakeDevice("cpu"), fallback: null },
  networkRequests: 0,
};

/** A socket whose far end answers every call with the status. */
class FakeSocket extends EventTarget {
  static sockets: FakeSocket[] = [];
  static answers = true;
  readonly url: string;
  readyState: number = WebSocket.CONNECTING;

  constructor(url: URL) {
    super();
    this.url = url.href;
    FakeSocket.sockets.push(this);
    queueMicrotask(() => {
      this.readyState = WebSocket.OPEN;
      this.dispatchEvent(new Event("open"));
    });
  }

  send(frame: string): void {
    const { i } = JSON.parse(frame) as { i: string };
    if (FakeSocket.answers)
      queueMicrotask(() => this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify({ i, p: { b: { json: status } } }) })));
  }

  close(code = 1000): void {
    this.readyState = WebSocket.CLOSED;
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.sockets = [];
  FakeSocket.answers = true;
  vi.stubGlobal("WebSocket", Object.assign(FakeSocket, { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 }));
  useConnection.setState({ phase: "connecting", hasRestarted: false, generation: 0 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a call made before the connection is answered once it is there", async () => {
  const client = connectEngine();
  expect((await client.system.status()).version).toBe("1");
  expect([FakeSocket.sockets[0]?.url.replace(/^ws:\/\/[^/]+/, ""), useConnection.getState().phase]).toEqual(["/rpc", "up"]);
});

test("after the engine ended, waiting calls go to the next connection and the restart is known", async () => {
  const client = connectEngine();
  await client.system.status();
  FakeSocket.sockets[0]?.close(4001);
  expect(useConnection.getState().phase).toBe("down");
  const answer = client.system.status();
  await vi.advanceTimersByTimeAsync(300);
  expect((await answer).version).toBe("1");
  expect(useConnection.getState()).toMatchObject({ phase: "up", hasRestarted: true, generation: 2 });
});

test("a broken line is no restart", async () => {
  const client = connectEngine();
  await client.system.status();
  FakeSocket.sockets[0]?.close(1006);
  await vi.advanceTimersByTimeAsync(300);
  await client.system.status();
  expect(useConnection.getState().hasRestarted).toBe(false);
});

test("an engine that accepts and stays silent is given up and tried again", async () => {
  FakeSocket.answers = false;
  connectEngine();
  await vi.advanceTimersByTimeAsync(1000);
  expect(useConnection.getState().phase).toBe("connecting");
  FakeSocket.answers = true;
  await vi.advanceTimersByTimeAsync(25_000);
  expect([FakeSocket.sockets.length > 1, useConnection.getState().phase]).toEqual([true, "up"]);
});
