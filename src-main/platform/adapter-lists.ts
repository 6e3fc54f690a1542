/**
 * @file What the systems say about their graphics adapters, read. Sources: the NVIDIA driver's /proc/driver/nvidia and nvidia-smi, pci.ids
 * (https://pci-ids.ucw.cz), CIM's Win32_VideoController, macOS's system_profiler.
 */
import { z } from "zod";

/** One graphics adapter. Unknown is null. */
export interface GraphicsAdapter {
  readonly name: string;
  readonly vendor: "nvidia" | "amd" | "intel" | "apple" | "other";
  /** Bytes of its own memory. */
  readonly memoryBytes: number | null;
  readonly driver: string | null;
}

const vendorWords: readonly (readonly [GraphicsAdapter["vendor"], RegExp])[] = [
  ["nvidia", /nvidia|geforce|quadro|tesla/i],
  ["amd", /\bamd\b|\bati\b|radeon|advanced micro devices/i],
  ["intel", /intel/i],
  ["apple", /apple/i],
];

/** The maker, by the words in an adapter's name. */
export function vendorOf(name: string): GraphicsAdapter["vendor"] {
  return vendorWords.find(([, words]) => words.test(name))?.[0] ?? "other";
}

/** `nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader,nounits`: one adapter a line, memory in MiB. */
export function parseNvidiaSmi(text: string): readonly GraphicsAdapter[] {
  return linesOf(text).flatMap((line) => {
    const [name = "", mebibytes = "", driver = ""] = line.split(",").map((field) => field.trim());
    if (name === "" || driver === "") return [];
    return [{ name: nvidiaName(name), vendor: "nvidia", memoryBytes: positive(Number(mebibytes) * 2 ** 20), driver }];
  });
}

/** /proc/driver/nvidia/gpus/<place>/information and /proc/driver/nvidia/version. */
export function parseNvidiaProc(information: string, version: string): GraphicsAdapter | null {
  const name = /^Model:\s*(.+)$/m.exec(information)?.[1]?.trim();
  if (name === undefined) return null;
  return {
    name: nvidiaName(name),
    vendor: "nvidia",
    memoryBytes: null,
    driver: /Kernel Module.*?\s(\d+(?:\.\d+)+)\s/.exec(version)?.[1] ?? null,
  };
}

function nvidiaName(name: string): string {
  return /^nvidia/i.test(name) ? name : `NVIDIA ${name}`;
}

/** The names pci.ids has for a maker and a device, both as in sysfs (`0x10de`); null when it has none. */
export function findPciName(pciIds: string, vendorId: string, deviceId: string): string | null {
  const [vendor, device] = [vendorId, deviceId].map((id) => id.trim().replace(/^0x/i, "").toLowerCase());
  let maker: string | null = null;
  for (const line of pciIds.split("\n")) {
    const [, indent = "", id = "", name = ""] = /^(\t?)([0-9a-f]{4}) {2}(.+)$/.exec(line) ?? [];
    if (id === "") continue;
    if (indent === "") {
      if (maker !== null) break;
      if (id === vendor) maker = shortMaker(name);
    } else if (maker !== null && id === device) return `${maker} ${bracketed(name)}`;
  }
  return maker;
}

/** `Advanced Micro Devices, Inc. [AMD/ATI]` is known as AMD. */
function shortMaker(name: string): string {
  const vendor = vendorOf(name);
  const known = { nvidia: "NVIDIA", amd: "AMD", intel: "Intel", apple: "Apple", other: null }[vendor];
  return known ?? name;
}

/** `Navi 31 [Radeon RX 7900 XTX]` is sold under what stands in brackets. */
function bracketed(name: string): string {
  return /\[(.+)\]/.exec(name)?.[1] ?? name;
}

const controllerSchema = z.object({
  Name: z.string().nullish(),
  AdapterRAM: z.number().nullish(),
  DriverVersion: z.string().nullish(),
});

/** `Get-CimInstance Win32_VideoController | ConvertTo-Json`: one object or a list. Memory is a 32-bit number there, so what fills it says nothing. */
export function parseVideoControllers(json: string): readonly GraphicsAdapter[] {
  const parsed = z.union([z.array(controllerSchema), controllerSchema.transform((one) => [one])]).safeParse(parseJson(json));
  if (!parsed.success) return [];
  return parsed.data.flatMap(({ Name: name, AdapterRAM: bytes, DriverVersion: driver }) => {
    if (!name || /basic (?:render|display)|remote display/i.test(name)) return [];
    const memoryBytes = bytes !== null && bytes !== undefined && bytes < 2 ** 32 - 2 ** 20 ? positive(bytes) : null;
    return [{ name: name.trim(), vendor: vendorOf(name), memoryBytes, driver: driver ?? null }];
  });
}

const displaysSchema = z.object({
  SPDisplaysDataType: z.array(
    z.object({ sppci_model: z.string().optional(), _name: z.string().optional(), spdisplays_vram: z.string().optional() }),
  ),
});

/** `system_profiler SPDisplaysDataType -json`. Apple's own chips share the machine's memory and name none. */
export function parseSystemProfiler(json: string): readonly GraphicsAdapter[] {
  const parsed = displaysSchema.safeParse(parseJson(json));
  if (!parsed.success) return [];
  return parsed.data.SPDisplaysDataType.flatMap(({ sppci_model: model, _name, spdisplays_vram: memory }) => {
    const name = model ?? _name;
    return name === undefined ? [] : [{ name, vendor: vendorOf(name), memoryBytes: bytesOf(memory ?? ""), driver: null }];
  });
}

/** The adapter that is asked when a program wants the fast one: of its own memory most, and a discrete maker before a built-in one. */
export function fastestAdapter(adapters: readonly GraphicsAdapter[]): GraphicsAdapter | null {
  const rank = { nvidia: 0, amd: 1, apple: 2, intel: 3, other: 4 } as const;
  const sorted = [...adapters].sort((a, b) => rank[a.vendor] - rank[b.vendor] || (b.memoryBytes ?? 0) - (a.memoryBytes ?? 0));
  return sorted[0] ?? null;
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== "");
}

function bytesOf(words: string): number | null {
  const [, amount = "", unit = ""] = /^([\d.]+)\s*(MB|GB)$/i.exec(words.trim()) ?? [];
  return amount === "" ? null : positive(Number(amount) * (unit.toUpperCase() === "GB" ? 2 ** 30 : 2 ** 20));
}

function positive(value: number): number | null {
  return Number.isFinite(value) && value > 0 ? value : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
