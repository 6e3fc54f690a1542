import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { createSettling } from "./settling";

test("a file is ready once it has stopped growing, one that is gone together with those that come, an empty one not yet", async () => {
  const folder = scratchFolder();
  const path = (name: string): string => join(folder, name);
  const ready: string[][] = [];
  const settling = createSettling((paths) => ready.push([...paths].sort()));
  writeFileSync(path("growing.png"), "a");
  writeFileSync(path("empty.png"), "");
  settling.touch([path("growing.png"), path("gone.png"), path("gone.png")]);
  const grower = setInterval(() => appendFileSync(path("growing.png"), "a"), 100);
  await new Promise((resolve) => setTimeout(resolve, 1_300));
  expect(ready).toEqual([]);
  clearInterval(grower);
  await vi.waitFor(() => expect(ready).toEqual([[path("gone.png"), path("growing.png")]]), 5_000);
  settling.touch([path("empty.png")]);
  await new Promise((resolve) => setTimeout(resolve, 900));
  expect([ready.length, settling.size]).toEqual([1, 1]);
  rmSync(path("empty.png"));
  await vi.waitFor(() => expect(ready).toHaveLength(2), 5_000);
  settling.close();
  expect(settling.size).toBe(0);
});
