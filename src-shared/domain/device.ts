/** @file Where inference runs: the devices of this machine, what a test of one found, and what stands in for one that failed. */
import { z } from "zod";

/** The names a person chooses from; the runtime maps them to execution providers. */
export const deviceIds = ["cpu", "webgpu", "cuda", "directml", "coreml"] as const;
export const deviceIdSchema = z.enum(deviceIds);
export type DeviceId = z.infer<typeof deviceIdSchema>;

/** A device of this machine as the runtime found it. */
export const deviceSchema = z.object({
  id: deviceIdSchema,
  /** What its maker calls it where the system tells, else what it is. */
  name: z.string(),
  provider: z.string(),
  /** Whether the runtime can use such devices on this system at all; says nothing about the machine. */
  supported: z.boolean(),
  available: z.boolean(),
  /** Why it is not available. */
  detail: z.string().nullable(),
  /** Bytes of its own memory; null where the system does not tell. */
  memoryBytes: z.number().nullable(),
  /** Version of its driver; null where the system does not tell. */
  driver: z.string().nullable(),
});
export type Device = z.infer<typeof deviceSchema>;

/** Result of the self-test: speed on a small model and the largest score difference to the CPU. */
export const deviceSelfTestSchema = z.object({
  ok: z.boolean(),
  imagesPerSecond: z.number().nullable(),
  parity: z.number().nullable(),
  message: z.string().nullable(),
});
export type DeviceSelfTest = z.infer<typeof deviceSelfTestSchema>;

/** A device that was given up while the program ran; the processor took over its work. */
export const deviceFallbackSchema = z.object({
  device: deviceIdSchema,
  /** What failed and why, in a sentence. */
  reason: z.string(),
  /** The same for whoever works at the time: with what becomes of the work. */
  message: z.string(),
  atMs: z.number(),
});
export type DeviceFallback = z.infer<typeof deviceFallbackSchema>;

/** The fallback from `device`, now. */
export function fallbackFrom(device: DeviceId, fault: string): DeviceFallback {
  const reason = fault.replace(/\.?$/, ".");
  return { device, reason, message: `${reason} The processor takes over.`, atMs: Date.now() };
}

/** The device that runs the models, and what it stands in for. */
export const activeDeviceSchema = deviceSchema.extend({ fallback: deviceFallbackSchema.nullable() });
export type ActiveDevice = z.infer<typeof activeDeviceSchema>;

/** What a library remembers of a device: its last test and its last failure. */
export const deviceHistorySchema = z.object({
  test: deviceSelfTestSchema.extend({ atMs: z.number() }).nullable(),
  failure: z.object({ message: z.string(), atMs: z.number() }).nullable(),
});
export type DeviceHistory = z.infer<typeof deviceHistorySchema>;

/** A row of the list of devices. */
export const deviceEntrySchema = deviceSchema.extend({ isInUse: z.boolean(), ...deviceHistorySchema.shape });
export type DeviceEntry = z.infer<typeof deviceEntrySchema>;
