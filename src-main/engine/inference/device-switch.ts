/**
 * @file Which device runs the models, and what happens when it fails: the same work is done again in less memory, then on the processor, and
 * the reason is told once. A device that was given up is not asked again until a person chooses it.
 */
import { type AppError, toAppError } from "#shared/domain/app-error";
import {
  type ActiveDevice,
  type Device,
  type DeviceFallback,
  type DeviceId,
  type DeviceSelfTest,
  fallbackFrom,
} from "#shared/domain/device";
import { defaultTileBytes } from "../../ml/graph/opset";
import { saysOutOfMemory, smallerTile, tileBytesFor } from "../../ml/runtime/device-memory";
import type { InferenceOptions, OnDeviceNews } from "./inference-service";

/** Where work runs. */
export interface DevicePlace {
  readonly device: DeviceId;
  readonly tileBytes: number;
}

/** Its attention keeps no scores, so the size of tiles means nothing there. */
const processor: DevicePlace = { device: "cpu", tileBytes: defaultTileBytes };

export interface DeviceSwitchParts extends Omit<InferenceOptions, "threads"> {
  find(device: DeviceId): Promise<Device>;
  test(device: DeviceId): Promise<DeviceSelfTest>;
  /** Gives up everything that was made for the place that work has just left. */
  release(): Promise<void>;
  readonly onNews: OnDeviceNews;
}

export interface DeviceSwitch {
  /** The device that runs the models, as far as it is known without testing it. */
  active(): Promise<ActiveDevice>;
  /** Where work runs now; tests a device before its first use. */
  place(): Promise<DevicePlace>;
  /** The device from now on, whatever became of it before. */
  choose(device: DeviceId, isTested: boolean): Promise<void>;
  /** Runs `work`, which asks for its place itself and changes nothing outside, as often as it takes to get an answer from some device. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Creates the switch; no device is touched before it is needed. */
export function createDeviceSwitch(parts: DeviceSwitchParts): DeviceSwitch {
  const { find, test, release, onNews } = parts;
  // A graphics card is used when a person chose it, since only then its numbers are expected.
  let chosen: DeviceId = parts.device ?? "cpu";
  let isTested = parts.isDeviceTested ?? false;
  let fallback: DeviceFallback | null = parts.fallback ?? null;
  let decided: DevicePlace | null = null;
  let deciding: Promise<DevicePlace> | null = null;

  async function place(): Promise<DevicePlace> {
    if (decided !== null) return decided;
    deciding ??= decide().finally(() => {
      deciding = null;
    });
    return deciding;
  }

  async function decide(): Promise<DevicePlace> {
    decided = await firstPlace();
    return decided;
  }

  async function firstPlace(): Promise<DevicePlace> {
    const device = await find(chosen);
    // What no machine of this system has was asked for by mistake: its session says so.
    const fault = chosen === "cpu" || !device.supported ? null : await faultOf(device);
    if (fault === null) return { device: chosen, tileBytes: tileBytesFor(device) };
    tell(device.id, fault);
    return processor;
  }

  /** Why a device is not to be used, in a sentence; null when nothing speaks against it. */
  async function faultOf({ id, name, available, detail }: Device): Promise<string | null> {
    if (!available) return `${name} cannot be used: ${detail ?? "no reason was given."}`;
    if (isTested) return null;
    const result = await test(id);
    onNews({ kind: "tested", device: id, result });
    isTested = result.ok;
    return result.ok ? null : (result.message ?? `${name} failed its self-test.`);
  }

  async function moveTo(next: DevicePlace): Promise<void> {
    decided = next;
    await release();
  }

  function tell(device: DeviceId, fault: string): void {
    fallback = fallbackFrom(device, fault);
    onNews({ kind: "fallback", fallback });
  }

  async function tellFailure(device: DeviceId, { code, message }: AppError): Promise<void> {
    const { name } = await find(device);
    tell(device, code === "weights/not-finite" ? `${name} gives no numbers where the processor does.` : message);
  }

  async function run<T>(work: () => Promise<T>): Promise<T> {
    const before = await place();
    try {
      return await work();
    } catch (error) {
      const fault = toAppError(error);
      if (before.device === "cpu" || !isOfDevice(fault)) throw error;
      // Work that ran beside it may have moved everybody already.
      return decided === before ? recover(work, before, fault) : run(work);
    }
  }

  async function recover<T>(work: () => Promise<T>, failed: DevicePlace, fault: AppError): Promise<T> {
    const tileBytes = saysOutOfMemory(fault.message) ? smallerTile(failed.tileBytes) : null;
    if (tileBytes !== null) {
      await moveTo({ ...failed, tileBytes });
      return run(work);
    }
    await moveTo(processor);
    try {
      const answer = await work();
      await tellFailure(failed.device, fault);
      return answer;
    } catch (error) {
      // What fails in the same way on the processor is the model's fault or the picture's, not the device's.
      if (toAppError(error).code === fault.code) await moveTo(failed);
      else await tellFailure(failed.device, fault);
      throw error;
    }
  }

  return {
    place,
    run,
    async active() {
      return { ...(await find(decided?.device ?? chosen)), fallback };
    },
    async choose(device, isDeviceTested) {
      // A decision that is being made is about the device before.
      await deciding?.catch(() => undefined);
      chosen = device;
      isTested = isDeviceTested;
      fallback = null;
      decided = null;
      await release();
    },
  };
}

/** Whether another device could do better: the runtime gave up, or what came out are no numbers. */
function isOfDevice({ code }: AppError): boolean {
  return code === "device/failed" || code === "weights/not-finite";
}
