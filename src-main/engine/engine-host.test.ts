import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EngineHost, type EngineChild } from "./engine-host";
import type { FromEngine, ToEngine } from "./host-protocol";

interface FakeChild extends EngineChild {
  readonly posted: readonly ToEngine[];
  say(message: FromEngine): void;
  die(code: number): void;
}

function fakeChild(): FakeChild {
  const messages: ((message: FromEngine) => void)[] = [];
  const exits: ((code: number | null) => void)[] = [];
  const posted: ToEngine[] = [];
  return {
    posted,
    post: (message) => void posted.push(message),
    onMessage: (listener) => void messages.push(listener),
    onExit: (listener) => void exits.push(listener),
    kill: () => undefined,
    say: (message) => messages.forEach((listener) => listener(message)),
    die: (code) => exits.forEach((listener) => listener(code)),
  };
}

const init = { libraryPath: null, readOnly: false, device: null, threads: null, offline: true };

function fakeHost() {
  const children: FakeChild[] = [];
  const downs: boolean[] = [];
  let ups = 0;
  const host = new EngineHost({
    spawn: () => {
      const child = fakeChild();
      children.push(child);
      return child;
    },
    init,
    onDown: (_error, willRestart) => void downs.push(willRestart),
    onUp: () => void (ups += 1),
  });
  return { host, children, downs, ups: () => ups };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("an engine that dies fails its open calls, is started again and answers", async () => {
  const { host, children, downs, ups } = fakeHost();
  const starting = host.start();
  children[0]?.say({ type: "ready" });
  await starting;
  const picture = host.addOutsideImage("/a.png");
  children[0]?.die(139);
  await expect(picture).rejects.toMatchObject({ code: "engine/crashed" });
  expect(host.isUp).toBe(false);
  await expect(host.addOutsideImage("/a.png")).rejects.toMatchObject({ code: "engine/unavailable" });
  await vi.advanceTimersByTimeAsync(250);
  children[1]?.say({ type: "ready" });
  await vi.advanceTimersByTimeAsync(0);
  expect([downs, ups(), host.isUp]).toEqual([[true], 1, true]);
  // The second knows that it had a predecessor, whose device may be to blame.
  expect(children.map((child) => child.posted[0])).toMatchObject([false, true].map((hasCrashed) => ({ init: { hasCrashed } })));
});

test("one that keeps dying while it starts is tried three times with growing pauses, and each death is told once", async () => {
  const { host, children, downs } = fakeHost();
  const starting = host.start();
  children[0]?.say({ type: "ready" });
  await starting;
  children[0]?.die(1);
  for (const [attempt, pauseMs] of [250, 1000, 4000].entries()) {
    await vi.advanceTimersByTimeAsync(pauseMs);
    children[attempt + 1]?.die(1);
    await vi.advanceTimersByTimeAsync(0);
  }
  await vi.advanceTimersByTimeAsync(60_000);
  expect(children).toHaveLength(4);
  expect(downs).toEqual([true, true, true, false]);
});

test("one that cannot start at all says why to whoever started it, and to nobody else", async () => {
  const { host, children, downs } = fakeHost();
  const starting = host.start().catch((error: unknown) => error);
  children[0]?.say({ type: "failed", error: { code: "library/locked", message: "The library is in use." } });
  children[0]?.die(0);
  expect(await starting).toMatchObject({ code: "library/locked" });
  await vi.advanceTimersByTimeAsync(60_000);
  expect([children.length, downs]).toEqual([1, []]);
});
