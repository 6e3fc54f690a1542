import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  fastestAdapter,
  findPciName,
  type GraphicsAdapter,
  parseNvidiaProc,
  parseNvidiaSmi,
  parseSystemProfiler,
  parseVideoControllers,
} from "./adapter-lists";

const pciIds = [
  "# List of PCI ID's",
  "1002  Advanced Micro Devices, Inc. [AMD/ATI]",
  "\t744c  Navi 31 [Radeon RX 7900 XT/7900 XTX/7900M]",
  "\t\t1043 0506  TUF Gaming",
  "8086  Intel Corporation",
  "\t46a6  Alder Lake-P GT2 [Iris Xe Graphics]",
  "\t5917  UHD Graphics 620",
  "C 03  Display controller",
].join("\n");

describe("Linux", () => {
  test("nvidia-smi: name, memory in MiB, driver", () => {
    expect(parseNvidiaSmi("NVIDIA GeForce RTX 4090, 24564, 550.54.14\nTesla T4, 15360, 550.54.14\n")).toEqual([
      { name: "NVIDIA GeForce RTX 4090", vendor: "nvidia", memoryBytes: 24_564 * 2 ** 20, driver: "550.54.14" },
      { name: "NVIDIA Tesla T4", vendor: "nvidia", memoryBytes: 15_360 * 2 ** 20, driver: "550.54.14" },
    ]);
    expect(parseNvidiaSmi("NVIDIA GB10, [N/A], 580.1\n")).toMatchObject([{ memoryBytes: null }]);
    expect(parseNvidiaSmi("Failed to initialize NVML: Driver/library version mismatch")).toEqual([]);
  });

  test("the driver's own files where nvidia-smi is not installed", () => {
    const information = "Model: \t\t NVIDIA GeForce GTX 1080\nIRQ:   \t\t 139\nGPU UUID: \t GPU-0\nVideo BIOS: \t 86.04\n";
    const version =
      "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024\nGCC version:  gcc version 12.2.0\n";
    expect(parseNvidiaProc(information, version)).toEqual({
      name: "NVIDIA GeForce GTX 1080",
      vendor: "nvidia",
      memoryBytes: null,
      driver: "535.183.01",
    });
    expect(parseNvidiaProc("", version)).toBeNull();
  });

  test("the list of PCI names: what the card is sold as, else its maker", () => {
    expect(findPciName(pciIds, "0x1002\n", "0x744c\n")).toBe("AMD Radeon RX 7900 XT/7900 XTX/7900M");
    expect(findPciName(pciIds, "0x8086", "0x5917")).toBe("Intel UHD Graphics 620");
    expect(findPciName(pciIds, "0x8086", "0xffff")).toBe("Intel");
    expect(findPciName(pciIds, "0x1234", "0x1111")).toBeNull();
    expect(findPciName("", "", "")).toBeNull();
  });
});

test("Windows: one controller or several, without those that draw nothing", () => {
  const card = { Name: "AMD Radeon RX 6600", AdapterRAM: 4_293_918_720, DriverVersion: "31.0.24033.1003" };
  const builtIn = { Name: "Intel(R) UHD Graphics 770", AdapterRAM: 1_073_741_824, DriverVersion: "31.0.101.5186" };
  expect(parseVideoControllers(JSON.stringify(card))).toEqual([
    { name: "AMD Radeon RX 6600", vendor: "amd", memoryBytes: null, driver: "31.0.24033.1003" },
  ]);
  expect(parseVideoControllers(JSON.stringify([builtIn, { Name: "Microsoft Basic Render Driver" }, { Name: null }]))).toEqual([
    { name: "Intel(R) UHD Graphics 770", vendor: "intel", memoryBytes: 2 ** 30, driver: "31.0.101.5186" },
  ]);
});

test("macOS: Apple's chips and others", () => {
  const displays = [
    { _name: "Apple M2 Pro", sppci_model: "Apple M2 Pro", sppci_cores: "19" },
    { _name: "kHW_AMDRadeonPro560XItem", sppci_model: "Radeon Pro 560X", spdisplays_vram: "4 GB" },
  ];
  expect(parseSystemProfiler(JSON.stringify({ SPDisplaysDataType: displays }))).toEqual([
    { name: "Apple M2 Pro", vendor: "apple", memoryBytes: null, driver: null },
    { name: "Radeon Pro 560X", vendor: "amd", memoryBytes: 4 * 2 ** 30, driver: null },
  ]);
});

test("law: no list breaks what reads it", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.constantFrom(pciIds.slice(0, 150), "{", "null")), (text) => {
      for (const parse of [parseNvidiaSmi, parseVideoControllers, parseSystemProfiler]) expect(Array.isArray(parse(text))).toBe(true);
      parseNvidiaProc(text, text);
      findPciName(text, text, text);
    }),
  );
});

test("of several adapters the discrete one is meant, and of two the one with more memory", () => {
  const adapter = (name: string, vendor: GraphicsAdapter["vendor"], memoryBytes: number | null): GraphicsAdapter => ({
    ...{ name, vendor, memoryBytes },
    driver: null,
  });
  const adapters = [adapter("i", "intel", null), adapter("small", "nvidia", 4), adapter("large", "nvidia", 24), adapter("a", "amd", 99)];
  expect(fastestAdapter(adapters)?.name).toBe("large");
  expect(fastestAdapter([])).toBeNull();
});
