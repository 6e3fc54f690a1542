import { expect, test } from "vitest";
import { appError } from "#shared/domain/app-error";
import type { Device, DeviceFallback, DeviceId, DeviceSelfTest } from "#shared/domain/device";
import { createDeviceSwitch, type DevicePlace, type DeviceSwitchParts } from "./device-switch";

const passed: DeviceSelfTest = { ok: true, imagesPerSecond: 1, parity: 0, message: null };

function device(id: DeviceId, change: Partial<Device> = {}): Device {
  const memoryBytes = 8 * 2 ** 30;
  return { id, name: `The ${id}`, provider: id, supported: true, available: true, detail: null, memoryBytes, driver: null, ...change };
}

function switchOf(change: Partial<DeviceSwitchParts> = {}) {
  const told: DeviceFallback[] = [];
  const tests: DeviceId[] = [];
  let released = 0;
  const devices = createDeviceSwitch({
    device: "cuda",
    find: async (id) => device(id),
    test: async (id) => {
      tests.push(id);
      return passed;
    },
    release: async () => void (released += 1),
    onNews: (news) => {
      if (news.kind === "fallback") told.push(news.fallback);
    },
    ...change,
  });
  return { devices, told, tests, released: () => released };
}

/** Work that answers with where it ran, and fails where `fault` finds a reason. */
function workIn(devices: ReturnType<typeof createDeviceSwitch>, fault: (place: DevicePlace) => Error | null) {
  const places: DevicePlace[] = [];
  const work = async (): Promise<DeviceId> => {
    const place = await devices.place();
    places.push(place);
    const error = fault(place);
    if (error !== null) throw error;
    return place.device;
  };
  return { work, places };
}

test("a graphics card is tested once before its first use, unless an earlier process has done so", async () => {
  const { devices, tests, told } = switchOf();
  const { work } = workIn(devices, () => null);
  expect((await devices.active()).id).toBe("cuda");
  expect(tests).toEqual([]);
  expect(await Promise.all([devices.run(work), devices.run(work)])).toEqual(["cuda", "cuda"]);
  expect(tests).toEqual(["cuda"]);
  const known = switchOf({ isDeviceTested: true });
  expect(await known.devices.run(workIn(known.devices, () => null).work)).toBe("cuda");
  expect([known.tests, told, known.told]).toEqual([[], [], []]);
});

test("what fails its test or is not there is not used, and the sentence says why", async () => {
  const message = "The cuda computes other scores than the processor (largest difference 0.26).";
  const wrong = switchOf({ test: async () => ({ ...passed, ok: false, message }) });
  expect(await wrong.devices.run(workIn(wrong.devices, () => null).work)).toBe("cpu");
  expect(wrong.told.map((fallback) => fallback.message)).toEqual([`${message} The processor takes over.`]);
  const gone = switchOf({ find: async (id) => device(id, id === "cuda" ? { available: false, detail: "It is unplugged." } : {}) });
  expect(await gone.devices.run(workIn(gone.devices, () => null).work)).toBe("cpu");
  expect(gone.told.map((fallback) => fallback.message)).toEqual(["The cuda cannot be used: It is unplugged. The processor takes over."]);
  expect(await gone.devices.active()).toMatchObject({ id: "cpu", fallback: { device: "cuda" } });
});

test("a device that no machine of this system has is not replaced", async () => {
  const { devices, told } = switchOf({ find: async (id) => device(id, { supported: false, available: false }) });
  expect((await devices.place()).device).toBe("cuda");
  expect(told).toEqual([]);
});

test("a device that fails in the middle is left for good: its work is done again, and everybody else's too", async () => {
  const { devices, told, released } = switchOf();
  let isLost = false;
  const { work, places } = workIn(devices, ({ device: id }) =>
    isLost && id === "cuda" ? appError("device/failed", "The cuda failed while running the model: device lost") : null,
  );
  expect(await devices.run(work)).toBe("cuda");
  isLost = true;
  expect(await Promise.all([devices.run(work), devices.run(work)])).toEqual(["cpu", "cpu"]);
  expect(await devices.run(work)).toBe("cpu");
  expect(places.map((place) => place.device).filter((id) => id === "cuda")).toHaveLength(3);
  expect(told.map((fallback) => fallback.message)).toEqual([
    "The cuda failed while running the model: device lost. The processor takes over.",
  ]);
  expect(released()).toBe(1);
  isLost = false;
  await devices.choose("cuda", false);
  expect([await devices.run(work), (await devices.active()).fallback]).toEqual(["cuda", null]);
});

test("out of memory: smaller tiles of attention first, then the processor", async () => {
  const { devices, told } = switchOf();
  const { work, places } = workIn(devices, ({ device: id, tileBytes }) =>
    id === "cuda" && tileBytes > 20 * 2 ** 20 ? appError("device/failed", "It failed: CUDA out of memory") : null,
  );
  expect(await devices.run(work)).toBe("cuda");
  expect(places.map((place) => place.tileBytes / 2 ** 20)).toEqual([256, 64, 16]);
  expect(told).toEqual([]);
  const full = switchOf();
  const small = workIn(full.devices, ({ device: id }) => (id === "cuda" ? appError("device/failed", "std::bad_alloc") : null));
  expect(await full.devices.run(small.work)).toBe("cpu");
  expect(small.places.map((place) => place.device)).toEqual(["cuda", "cuda", "cuda", "cuda", "cpu"]);
  expect(full.told).toHaveLength(1);
});

test("numbers that are none on the processor either are the model's fault: the device stays", async () => {
  const { devices, told } = switchOf();
  const damaged = workIn(devices, () => appError("weights/not-finite", "The result holds NaN."));
  await expect(devices.run(damaged.work)).rejects.toMatchObject({ code: "weights/not-finite" });
  expect(damaged.places.map((place) => place.device)).toEqual(["cuda", "cpu"]);
  expect([told, await devices.run(workIn(devices, () => null).work)]).toEqual([[], "cuda"]);
});

test("numbers that are none on the device only: the processor takes over", async () => {
  const { devices, told } = switchOf();
  const broken = workIn(devices, ({ device: id }) => (id === "cuda" ? appError("weights/not-finite", "The result holds NaN.") : null));
  expect(await devices.run(broken.work)).toBe("cpu");
  expect(told.map((fallback) => fallback.message)).toEqual([
    "The cuda gives no numbers where the processor does. The processor takes over.",
  ]);
});

test("what is not the device's fault passes unchanged, and the processor has nothing to fall back to", async () => {
  const { devices, told } = switchOf();
  const wrong = workIn(devices, () => appError("usage/invalid", "No such layer."));
  await expect(devices.run(wrong.work)).rejects.toMatchObject({ code: "usage/invalid" });
  expect(wrong.places).toHaveLength(1);
  const onProcessor = switchOf({ device: null });
  const failing = workIn(onProcessor.devices, () => appError("device/failed", "No memory."));
  await expect(onProcessor.devices.run(failing.work)).rejects.toMatchObject({ code: "device/failed" });
  expect([failing.places.length, onProcessor.tests, told, onProcessor.told]).toEqual([1, [], [], []]);
});
