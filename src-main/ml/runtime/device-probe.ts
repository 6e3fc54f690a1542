/** @file Tries a provider with the smallest graph that does arithmetic. */
import { GraphBuilder } from "../graph/graph-builder";
import { OrtSession, OrtTensor } from "./onnx-runtime";

/** Runs x + x on `provider` alone; returns why it failed, or `null`. */
export async function probeDevice(provider: string): Promise<string | null> {
  if (provider === "webgpu" && !isVulkanThere()) return "Vulkan, which it runs on, is not installed (libvulkan.so.1).";
  const g = new GraphBuilder();
  const x = g.input("x", "float32", [4]);
  g.output("y", g.add(x, x));
  try {
    const session = await OrtSession.create(g.build().bytes, { executionProviders: [provider], logSeverityLevel: 4 });
    const { y } = await session.run({ x: new OrtTensor("float32", Float32Array.of(1, 2, 3, 4), [4]) });
    await session.release();
    return y !== undefined && Array.from(y.data as Float32Array).join() === "2,4,6,8" ? null : "A test sum came out wrong.";
  } catch (error) {
    const reason = firstSentence(error);
    return /failed to load shared library/i.test(reason)
      ? "Its libraries (the runtime's own part for it, or the maker's) could not be loaded."
      : reason;
  }
}

/** Asks the system's loader, because the runtime itself answers with lines on stderr. Loading what is no Node module fails in any case, after it was found. */
function isVulkanThere(): boolean {
  if (process.platform !== "linux") return true;
  try {
    process.dlopen({ exports: {} }, "libvulkan.so.1");
    return true;
  } catch (error) {
    return !(error instanceof Error && error.message.includes("cannot open shared object file"));
  }
}

/** The readable part of a runtime message: its first line without status codes, source locations and the condition that failed. */
export function firstSentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = (text.split("\n")[0] ?? text).trim();
  const readable = line
    .replace(/^(?:Error: )?(?:\[ONNXRuntimeError\] : \d+ : \w+ : )?/, "")
    .replace(/^(?:Non-zero status code returned while running .*? Status Message: |Exception during initialization: )/, "")
    .replace(/^\S+\.(?:cc|h):\d+ .*? was false\. /, "")
    .replace(/^\S+\.(?:cc|h):\d+ .*?\) (?=[A-Z])/, "");
  return readable === "" ? line : readable;
}
