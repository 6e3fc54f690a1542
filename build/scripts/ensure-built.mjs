/** @file Builds the hosts and the interface when the build is missing or older than the sources. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const stamp = join(root, "out", "built");
const lock = join(root, "node_modules", ".cache", "semblance-build.lock");
const sources = ["src-main", "src-shared", "src-renderer", "electron.vite.config.ts", "package.json"];
const lockPatienceMs = 180_000;

/** Time of the newest source file in milliseconds. */
function newestSource(path) {
  const entry = statSync(path);
  if (!entry.isDirectory()) return entry.mtimeMs;
  return readdirSync(path, { withFileTypes: true })
    .filter((child) => !/\.test\.tsx?$/.test(child.name))
    .reduce((newest, child) => Math.max(newest, newestSource(join(path, child.name))), 0);
}

function isFresh() {
  try {
    const built = statSync(stamp).mtimeMs;
    return sources.every((source) => newestSource(join(root, source)) <= built);
  } catch {
    return false;
  }
}

/** Takes the build lock; a second process waits for the first one's build. */
function withLock(action) {
  mkdirSync(join(root, "node_modules", ".cache"), { recursive: true });
  const deadline = Date.now() + lockPatienceMs;
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      if (Date.now() > deadline) rmSync(lock, { recursive: true, force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  try {
    action();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Makes `out/` current. Talks on stderr only, so that results on stdout stay clean. Throws when the build fails. */
export function ensureBuilt() {
  if (isFresh()) return;
  withLock(() => {
    if (isFresh()) return;
    process.stderr.write("Building Semblance, once (about 10 seconds) ...\n");
    const startedAt = new Date();
    const build = spawnSync(
      process.execPath,
      [join(root, "node_modules", "electron-vite", "bin", "electron-vite.js"), "build", "--logLevel", "warn"],
      {
        cwd: root,
        stdio: ["ignore", "pipe", "pipe"],
        encoding: "utf8",
      },
    );
    if (build.status !== 0) {
      process.stderr.write(`${build.stdout}${build.stderr}\n`);
      throw new Error("The build failed; see the messages above. A fresh `npm ci` often mends it.");
    }
    writeFileSync(stamp, `${startedAt.toISOString()}\n`);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureBuilt();
