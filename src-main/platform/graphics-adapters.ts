/** @file Which graphics adapters this machine has, by the names their makers gave them: asked of the system, never of the network. */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { release } from "node:os";
import { join } from "node:path";
import { memoizePromise } from "./memoize-promise";
import {
  findPciName,
  type GraphicsAdapter,
  parseNvidiaProc,
  parseNvidiaSmi,
  parseSystemProfiler,
  parseVideoControllers,
  vendorOf,
} from "./adapter-lists";

/** A command of the system that does not answer in this time has nothing to say. */
const patienceMs = 4000;

/** Where the list of PCI names lies on the common distributions. */
const pciLists = ["/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids"];

const readAdapters = memoizePromise((platform: string): Promise<readonly GraphicsAdapter[]> => {
  if (platform === "win32") return windowsAdapters();
  if (platform === "darwin") return macAdapters();
  return linuxAdapters();
});

/** The adapters, asked once per process; none where the system tells nothing. */
export function listGraphicsAdapters(): Promise<readonly GraphicsAdapter[]> {
  return readAdapters(process.platform);
}

async function windowsAdapters(): Promise<readonly GraphicsAdapter[]> {
  const question = "Get-CimInstance Win32_VideoController | Select-Object Name,AdapterRAM,DriverVersion | ConvertTo-Json";
  return parseVideoControllers(await outputOf("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", question]));
}

async function macAdapters(): Promise<readonly GraphicsAdapter[]> {
  // The system's own drivers change with the system.
  const driver = release();
  return parseSystemProfiler(await outputOf("system_profiler", ["SPDisplaysDataType", "-json"])).map((adapter) => ({ ...adapter, driver }));
}

async function linuxAdapters(): Promise<readonly GraphicsAdapter[]> {
  const nvidia = await nvidiaAdapters();
  return [...nvidia, ...(await drmAdapters()).filter(({ vendor }) => vendor !== "nvidia" || nvidia.length === 0)];
}

async function nvidiaAdapters(): Promise<readonly GraphicsAdapter[]> {
  const folder = "/proc/driver/nvidia";
  const places = await namesIn(join(folder, "gpus"));
  if (places.length === 0) return [];
  const told = parseNvidiaSmi(
    await outputOf("nvidia-smi", ["--query-gpu=name,memory.total,driver_version", "--format=csv,noheader,nounits"]),
  );
  if (told.length > 0) return told;
  const version = await textOf(join(folder, "version"));
  const found: GraphicsAdapter[] = [];
  for (const place of places) {
    const adapter = parseNvidiaProc(await textOf(join(folder, "gpus", place, "information")), version);
    if (adapter !== null) found.push(adapter);
  }
  return found;
}

/** Drivers that are part of the kernel: their version is the kernel's. */
async function drmAdapters(): Promise<readonly GraphicsAdapter[]> {
  const folder = "/sys/class/drm";
  const cards = (await namesIn(folder)).filter((name) => /^card\d+$/.test(name));
  if (cards.length === 0) return [];
  const pciIds = (await Promise.all(pciLists.map(textOf))).join("\n");
  const found: GraphicsAdapter[] = [];
  for (const card of cards) {
    const device = join(folder, card, "device");
    const name = findPciName(pciIds, await textOf(join(device, "vendor")), await textOf(join(device, "device")));
    if (name === null) continue;
    const memory = Number(await textOf(join(device, "mem_info_vram_total")));
    found.push({ name, vendor: vendorOf(name), memoryBytes: memory > 0 ? memory : null, driver: release() });
  }
  return found;
}

function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

function textOf(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}

/** What a command prints; nothing when it is not there, fails or takes too long. */
function outputOf(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, [...args], { timeout: patienceMs, windowsHide: true, encoding: "utf8" }, (error, stdout) =>
      resolve(error ? "" : stdout),
    );
  });
}
