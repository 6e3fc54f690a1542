/** @file Where inference runs. */
import { z } from "zod";

/** The names a person chooses from; the runtime maps them to execution providers. */
export const deviceIds = ["cpu", "webgpu", "cuda", "directml", "coreml"] as const;
export const deviceIdSchema = z.enum(deviceIds);
export type DeviceId = z.infer<typeof deviceIdSchema>;

/** A device of this machine as the runtime found it. `detail` says why it is not available. */
export const deviceSchema = z.object({
  id: deviceIdSchema,
  name: z.string(),
  provider: z.string(),
  available: z.boolean(),
  detail: z.string().nullable(),
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
