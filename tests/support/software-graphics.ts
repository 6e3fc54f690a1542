/**
 * @file A graphics card made of software, so that WebGPU can be tested where there is none: SwiftShader and the Vulkan loader that come with
 * Chromium. They are only ever given to processes of their own.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findChromium } from "../../build/scripts/find-chromium.mjs";

const parts = ["libvulkan.so.1", "libvk_swiftshader.so", "vk_swiftshader_icd.json"];
const root = fileURLToPath(new URL("../../", import.meta.url));

/** Where Chromium keeps SwiftShader. Its absence is an error, never a test less. */
function swiftShaderFolder(): string {
  const folders = [dirname(realpathSync(findChromium())), "/usr/lib/chromium", "/usr/lib/chromium-browser"];
  const found = folders.find((folder) => parts.every((part) => existsSync(join(folder, part))));
  if (found === undefined)
    throw new Error(
      `None of ${folders.join(", ")} holds ${parts.join(", ")}; install Debian's package "chromium" and run the tests again.`,
    );
  return found;
}

/** Runs the command line from its sources in a process that sees the software card, and answers what it printed. */
export async function cliWithSoftwareGraphics(
  ...args: readonly string[]
): Promise<{ readonly exitCode: number | null; readonly out: string }> {
  const folder = swiftShaderFolder();
  const runtimeFolder = mkdtempSync(join(tmpdir(), "semblance-graphics-"));
  const child = spawn(process.execPath, ["--import", "tsx", join(root, "src-main/apps/cli/main.ts"), ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: folder,
      VK_DRIVER_FILES: join(folder, "vk_swiftshader_icd.json"),
      VK_ICD_FILENAMES: join(folder, "vk_swiftshader_icd.json"),
      XDG_RUNTIME_DIR: runtimeFolder,
    },
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  try {
    const [exitCode] = (await once(child, "close")) as [number | null];
    return { exitCode, out };
  } finally {
    rmSync(runtimeFolder, { recursive: true, force: true });
  }
}
