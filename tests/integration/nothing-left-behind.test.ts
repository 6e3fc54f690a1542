/** @file The models' runtime brings usage reports of its own, with a device id in the user's cache folder; they have to stay off. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const root = fileURLToPath(new URL("../../", import.meta.url));

/** Tests the processor in a process of its own, with a home folder that was empty before. */
function filesOfHomeAfter(service: "in-process-inference" | "worker-inference", create: string): readonly string[] {
  const home = join(scratch, service);
  mkdirSync(home);
  const module = JSON.stringify(join(root, `src-main/engine/inference/${service}.ts`));
  const program = `import { ${create} } from ${module};
    const inference = ${create}({ device: "cpu", threads: 1 });
    const { ok } = await inference.selfTest("cpu");
    await inference.dispose();
    process.exit(ok ? 0 : 1);`;
  const { XDG_CACHE_HOME: _cache, ORT_DISABLE_TELEMETRY: _switch, ...inherited } = process.env;
  const run = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program], {
    cwd: root,
    env: { ...inherited, HOME: home, USERPROFILE: home, LOCALAPPDATA: home, CI: "", TMPDIR: scratch },
    encoding: "utf8",
  });
  expect(run.stderr).toBe("");
  expect(run.status).toBe(0);
  return readdirSync(home, { recursive: true, encoding: "utf8" });
}

test("running a model leaves nothing in the user's folders", () => {
  expect(filesOfHomeAfter("in-process-inference", "createInProcessInference")).toEqual([]);
});

test("nor does running it in the worker thread", () => {
  expect(filesOfHomeAfter("worker-inference", "createWorkerInference")).toEqual([]);
});
