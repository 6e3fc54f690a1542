import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { watchFolders } from "./watcher";

const quietMs = 60;
const settle = () => new Promise((resolve) => setTimeout(resolve, 400));

test("pictures that come, change or go are told once things are quiet; other files are not", async () => {
  const root = scratchFolder();
  const library = join(root, "library");
  mkdirSync(library);
  const onChange = vi.fn(async () => undefined);
  const watch = await watchFolders([root], {
    onChange,
    onError: (_, error) => expect.unreachable(error.message),
    exclude: [library],
    quietMs,
  });
  writeFileSync(join(root, "notes.txt"), "x");
  writeFileSync(join(root, ".hidden.png"), "x");
  writeFileSync(join(library, "thumbnail.webp"), "x");
  await settle();
  expect(onChange).not.toHaveBeenCalled();
  for (let index = 0; index < 20; index += 1) writeFileSync(join(root, `${index}.png`), "x");
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(1), 5_000);
  renameSync(join(root, "1.png"), join(root, "renamed.png"));
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(2), 5_000);
  mkdirSync(join(root, "folder"));
  await vi.waitFor(() => expect(onChange).toHaveBeenCalledTimes(3), 5_000);
  await watch.close();
  writeFileSync(join(root, "late.png"), "x");
  await settle();
  expect(onChange).toHaveBeenCalledTimes(3);
});

test("work is never done twice at once, and a change during it is not lost", async () => {
  const root = scratchFolder();
  let running = 0;
  let most = 0;
  let calls = 0;
  const onChange = async () => {
    calls += 1;
    running += 1;
    most = Math.max(most, running);
    if (calls === 1) writeFileSync(join(root, "b.png"), "x");
    await settle();
    running -= 1;
  };
  const watch = await watchFolders([root], { onChange, onError: () => undefined, quietMs });
  writeFileSync(join(root, "a.png"), "x");
  await vi.waitFor(() => expect(calls).toBe(2), 5_000);
  await watch.close();
  expect([most, running]).toEqual([1, 0]);
});

test("a folder that is not there is reported, the others are watched", async () => {
  const root = scratchFolder();
  const lost: string[] = [];
  const onChange = vi.fn(async () => undefined);
  const watch = await watchFolders([join(root, "nowhere"), root], { onChange, onError: (path) => lost.push(path), quietMs });
  expect(lost).toEqual([join(root, "nowhere")]);
  writeFileSync(join(root, "a.png"), "x");
  await vi.waitFor(() => expect(onChange).toHaveBeenCalled(), 5_000);
  await watch.close();
});
