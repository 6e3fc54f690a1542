/** @file ONNX Runtime, loaded with its usage reports switched off: nothing may leave this machine, and no device id be written to the user's folders. */
import { createRequire } from "node:module";
import type * as OnnxRuntime from "onnxruntime-node";

// The native library reads this once, while it is loaded. An import statement would load it before this line runs.
process.env["ORT_DISABLE_TELEMETRY"] = "1";

const runtime = createRequire(import.meta.url)("onnxruntime-node") as typeof OnnxRuntime;

export const { env, listSupportedBackends, InferenceSession: OrtSession, Tensor: OrtTensor } = runtime;
