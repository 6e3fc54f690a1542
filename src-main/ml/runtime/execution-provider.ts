/** @file The devices of this machine. A device is only called available after a session has really run on it: the runtime drops unknown providers silently. */
import { appError } from "#shared/domain/app-error";
import { deviceIds, type Device, type DeviceId } from "#shared/domain/device";
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

/** How a person knows the device. */
export function deviceName(device: DeviceId): string {
  return providers[device].name;
}

/** Whether this build of the runtime has the provider at all; says nothing about the machine. */
function isProviderBuiltIn(device: DeviceId): boolean {
  return listSupportedBackends().some((backend) => backend.name === providers[device].provider);
}

const found = new Map<DeviceId, Promise<Device>>();

/** Every device a person may choose, each tried once per process; `detail` says why one is not available. */
export function listDevices(): Promise<readonly Device[]> {
  return Promise.all(deviceIds.map(findDevice));
}

/** One device, tried with a tiny graph the first time it is asked for. */
export function findDevice(id: DeviceId): Promise<Device> {
  const known = found.get(id) ?? tryDevice(id);
  found.set(id, known);
  return known;
}

async function tryDevice(id: DeviceId): Promise<Device> {
  const { provider, name, absent } = providers[id];
  if (!isProviderBuiltIn(id)) return { id, name, provider, available: false, detail: absent };
  const fault = await probeDevice(provider);
  return { id, name, provider, available: fault === null, detail: fault };
}

/** Throws device/unavailable when sessions cannot run on `id`. Nothing ever falls back to another device by itself. */
export async function assertAvailable(id: DeviceId): Promise<void> {
  const device = await findDevice(id);
  if (!device.available) {
    throw appError("device/unavailable", `${device.name} cannot be used: ${device.detail ?? "no reason was given."}`, {
      hint: "Choose another device, for example the processor.",
    });
  }
}
