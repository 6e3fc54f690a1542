import { expect, test } from "vitest";
import { saysOutOfMemory, smallerTile, tileBytesFor } from "./device-memory";

const mebibytes = 2 ** 20;

test.each([
  ["webgpu", null, 128],
  ["webgpu", 24, 128],
  ["cuda", null, 128],
  ["cuda", 4, 128],
  ["cuda", 8, 256],
  ["cuda", 80, 512],
  ["directml", 0.128, 8],
] as const)("%s with %s GiB takes %d MiB of scores at once", (id, gibibytes, expected) => {
  const memoryBytes = gibibytes === null ? null : gibibytes * 2 ** 30;
  expect(tileBytesFor({ id, memoryBytes }) / mebibytes).toBeCloseTo(expected, 6);
});

test("tiles get smaller until there is nothing to gain", () => {
  const sizes: number[] = [];
  for (let size: number | null = 256 * mebibytes; size !== null; size = smallerTile(size)) sizes.push(size / mebibytes);
  expect(sizes).toEqual([256, 64, 16, 8]);
});

test.each([
  ["CUDA failure 2: out of memory ; GPU=0", true],
  ["Failed to allocate memory for requested buffer of size 536870912", true],
  ["E_OUTOFMEMORY", true],
  ["VK_ERROR_OUT_OF_DEVICE_MEMORY", true],
  ["std::bad_alloc", true],
  ["CUDA failure 719: unspecified launch failure", false],
])("%s", (message, isMemory) => {
  expect(saysOutOfMemory(message)).toBe(isMemory);
});
