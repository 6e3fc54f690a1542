/** @file The devices of this machine. A device is only called available after a session has really run on it: the runtime drops unknown providers silently. */
import { cpus, totalmem } from "node:os";
import { appError } from "#shared/domain/app-error";
import { deviceIds, type Device, type DeviceId } from "#shared/domain/device";
import { fastestAdapter, type GraphicsAdapter } from "../../platform/adapter-lists";
import { listGraphicsAdapters } from "../../platform/graphics-adapters";
import { memoizePromise } from "../../platform/memoize-promise";
import { probeDevice } from "./device-probe";
import { env, listSupportedBackends } from "./onnx-runtime";

// What goes wrong is thrown as well; the runtime's own lines would only disturb the output of the command line.
env.logLevel = "fatal";

interface ProviderDefinition {
  /** What ONNX Runtime calls the provider. */
  readonly provider: string;
  readonly name: string;
  /** What to say when this build of the runtime has no such provider. */
  readonly absent: string;
}

const providers: Readonly<Record<DeviceId, ProviderDefinition>> = {
  cpu: { provider: "cpu", name: "Processor (CPU)", absent: "This build of ONNX Runtime has no CPU provider." },
  webgpu: { provider: "webgpu", name: "Graphics card (WebGPU)", absent: "WebGPU is not part of ONNX Runtime on this system." },
  cuda: { provider: "cuda", name: "NVIDIA graphics card (CUDA)", absent: "CUDA is not part of ONNX Runtime on this system." },
  directml: { provider: "dml", name: "Graphics card (DirectML)", absent: "DirectML exists on Windows only." },
  coreml: { provider: "coreml", name: "Apple Neural Engine and graphics (Core ML)", absent: "Core ML exists on macOS only." },
};

/** The provider's name in ONNX Runtime. */
export function providerOf(device: DeviceId): string {
  return providers[device].provider;
}

/** What runs the graphs; another version may compute otherwise. */
export const runtimeVersion: string = env.versions.node ?? env.versions.common;

/** What kind of device it is, in words. */
export function deviceName(device: DeviceId): string {
  return providers[device].name;
}

/** Whether this build of the runtime has the provider at all; says nothing about the machine. */
function isProviderBuiltIn(device: DeviceId): boolean {
  return listSupportedBackends().some((backend) => backend.name === providers[device].provider);
}

const tried = memoizePromise(tryDevice);

/** Every device a person may choose, each tried once per process; `detail` says why one is not available. */
export async function listDevices(): Promise<readonly Device[]> {
  const devices: Device[] = [];
  for (const id of deviceIds) devices.push(await findDevice(id));
  return devices;
}

/** One device, tried with a tiny graph the first time it is asked for. */
export function findDevice(id: DeviceId): Promise<Device> {
  return tried(id);
}

/** The same, tried anew when it could not be used before: its driver may have been installed since. */
export async function findDeviceAgain(id: DeviceId): Promise<Device> {
  if (!(await tried(id)).available) tried.forget(id);
  return tried(id);
}

/** What is known of a device without trying it. */
export async function describeDevice(id: DeviceId): Promise<Omit<Device, "available" | "detail">> {
  const { provider, name } = providers[id];
  const supported = isProviderBuiltIn(id);
  const told = supported ? await toldOf(id) : null;
  return { id, name: told?.name ?? name, provider, supported, memoryBytes: told?.memoryBytes ?? null, driver: told?.driver ?? null };
}

async function tryDevice(id: DeviceId): Promise<Device> {
  const { provider, absent } = providers[id];
  const device = await describeDevice(id);
  if (!device.supported) return { ...device, available: false, detail: absent };
  const fault = await probeDevice(provider);
  return { ...device, available: fault === null, detail: fault };
}

/** What the system tells about the hardware behind a device. */
async function toldOf(id: DeviceId): Promise<Pick<GraphicsAdapter, "name" | "memoryBytes" | "driver"> | null> {
  if (id === "cpu") {
    const model = cpus()[0]?.model.trim() ?? "";
    return model === "" ? null : { name: model, memoryBytes: totalmem(), driver: null };
  }
  const adapters = await listGraphicsAdapters();
  return fastestAdapter(id === "cuda" ? adapters.filter(({ vendor }) => vendor === "nvidia") : adapters);
}

/** Throws device/unavailable when sessions cannot run on `id`. A session never falls back to another device by itself. */
export async function assertAvailable(id: DeviceId): Promise<void> {
  const device = await findDevice(id);
  if (!device.available) {
    throw appError("device/unavailable", `${device.name} cannot be used: ${device.detail ?? "no reason was given."}`, {
      hint: "Choose another device, for example the processor.",
    });
  }
}
