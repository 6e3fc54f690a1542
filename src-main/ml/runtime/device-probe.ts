/** @file Tries a provider with the smallest graph that does arithmetic. */
import { GraphBuilder } from "../graph/graph-builder";
import { OrtSession, OrtTensor } from "./onnx-runtime";

/** Runs x + x on `provider` alone; returns why it failed, or `null`. */
export async function probeDevice(provider: string): Promise<string | null> {
  const g = new GraphBuilder();
  const x = g.input("x", "float32", [4]);
  g.output("y", g.add(x, x));
  try {
    const session = await OrtSession.create(g.build().bytes, { executionProviders: [provider], logSeverityLevel: 4 });
    const { y } = await session.run({ x: new OrtTensor("float32", Float32Array.of(1, 2, 3, 4), [4]) });
    await session.release();
    return y !== undefined && Array.from(y.data as Float32Array).join() === "2,4,6,8" ? null : "A test sum came out wrong.";
  } catch (error) {
    return firstSentence(error);
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
