/** @file A folder of its own for a test file, removed at the end. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** Absolute real path of a fresh folder. */
export function scratchFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "semblance-test-")));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
