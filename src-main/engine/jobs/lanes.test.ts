import { expect, test } from "vitest";
import { createLanes } from "./lanes";

/** A task that waits to be finished. */
function task(log: string[], name: string) {
  let finish = (): void => undefined;
  const end = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const run = async (): Promise<void> => {
    log.push(name);
    await end;
  };
  return { run, finish };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a question waits for at most the one task that runs, however many wait in the background", async () => {
  const lanes = createLanes();
  const log: string[] = [];
  const background = Array.from({ length: 5 }, (_, index) => task(log, `picture ${index}`));
  const question = task(log, "question");
  const ends = background.map(({ run }) => lanes.run("background", run));
  await settled();
  ends.push(lanes.run("interactive", question.run));
  await settled();
  expect(log).toEqual(["picture 0"]);
  background[0]?.finish();
  await settled();
  expect(log).toEqual(["picture 0", "question"]);
  for (const { finish } of [question, ...background]) finish();
  await Promise.all(ends);
  expect(log.slice(2)).toEqual(["picture 1", "picture 2", "picture 3", "picture 4"]);
});

test("a task that fails leaves its lane to the next", async () => {
  const lanes = createLanes();
  await expect(lanes.run("background", () => Promise.reject(new Error("no memory")))).rejects.toThrow("no memory");
  expect(await lanes.run("interactive", () => Promise.resolve("answer"))).toBe("answer");
});
