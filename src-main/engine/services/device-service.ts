/** @file The devices of this machine as a person sees them: listed, chosen, tested, and remembered with their last test and their last failure. */
import { appError } from "#shared/domain/app-error";
import type { Device, DeviceEntry, DeviceHistory, DeviceId, DeviceSelfTest } from "#shared/domain/device";
import { describeDevice, runtimeVersion } from "../../ml/runtime/execution-provider";
import type { Settings } from "../../platform/settings";
import type { DeviceNews, InferenceService } from "../inference/inference-service";
import type { Lanes } from "../jobs/lanes";

/** What is remembered, for as long as device, driver and runtime are the same. */
export interface DeviceMemory {
  of(device: DeviceId): Promise<DeviceHistory>;
  note(device: DeviceId, change: Partial<DeviceHistory>): Promise<void>;
  /** Notes what became of a device while models ran. */
  hear(news: DeviceNews): Promise<void>;
}

/** Keeps what is remembered in the library's settings, or, where nothing may be written, until the end of the process. */
export function createDeviceMemory(settings: Settings, isReadOnly: boolean): DeviceMemory {
  const here = new Map<string, DeviceHistory>();

  async function keyOf(device: DeviceId): Promise<string> {
    const { name, driver } = await describeDevice(device);
    return [device, name, `driver ${driver ?? "unknown"}`, `runtime ${runtimeVersion}`].join(", ");
  }

  function read(key: string): DeviceHistory {
    return here.get(key) ?? settings.get("deviceHistory")[key] ?? { test: null, failure: null };
  }

  async function note(device: DeviceId, change: Partial<DeviceHistory>): Promise<void> {
    const key = await keyOf(device);
    const history = { ...read(key), ...change };
    here.set(key, history);
    if (!isReadOnly) settings.set("deviceHistory", { ...settings.get("deviceHistory"), [key]: history });
  }

  return {
    of: async (device) => read(await keyOf(device)),
    note,
    hear: (news) =>
      news.kind === "tested"
        ? note(news.device, { test: { ...news.result, atMs: Date.now() } })
        : note(news.fallback.device, { failure: { message: news.fallback.reason, atMs: news.fallback.atMs } }),
  };
}

export interface DeviceService {
  list(): Promise<readonly DeviceEntry[]>;
  /** Uses a device for now and for later starts, after a test where none is remembered. Throws device/unavailable, device/failed. */
  choose(device: DeviceId): Promise<Device>;
  /** Tests a device in the turn of a person who waits, and remembers the result. */
  test(device: DeviceId): Promise<DeviceSelfTest>;
}

export interface DeviceServiceParts {
  readonly inference: InferenceService;
  readonly lanes: Lanes;
  readonly memory: DeviceMemory;
  /** Told of the device that was chosen. */
  readonly onChosen: (device: DeviceId) => void;
}

/** Creates the service over the models' devices. */
export function createDeviceService({ inference, lanes, memory, onChosen }: DeviceServiceParts): DeviceService {
  async function test(device: DeviceId): Promise<DeviceSelfTest> {
    const result = await lanes.run("interactive", () => inference.selfTest(device));
    await memory.hear({ kind: "tested", device, result });
    return result;
  }

  /** Whether the device has shown that its numbers are right; one that cannot be tried has not. */
  async function hasPassed({ id, name }: Device): Promise<boolean> {
    if (id === "cpu" || (await memory.of(id)).test?.ok === true) return true;
    const { ok, message } = await test(id);
    if (ok) return true;
    throw appError("device/failed", `${name} is not used: ${message ?? "it failed its self-test."}`, {
      hint: "Choose another device, or test it again after an update of its driver.",
    });
  }

  return {
    test,
    async list() {
      const inUse = (await inference.device()).id;
      const entries: DeviceEntry[] = [];
      for (const device of await inference.devices())
        entries.push({ ...device, isInUse: device.id === inUse, ...(await memory.of(device.id)) });
      return entries;
    },
    async choose(id) {
      const device = (await inference.devices()).find((candidate) => candidate.id === id);
      const isTested = device?.available === true && (await hasPassed(device));
      const chosen = await lanes.run("interactive", () => inference.chooseDevice(id, isTested));
      await memory.note(id, { failure: null });
      onChosen(id);
      return chosen;
    },
  };
}
