/** @file One graph made ready to run on one device. */
import type { InferenceSession as OrtSessionType } from "onnxruntime-node";
import { basename, dirname } from "node:path";
import { availableParallelism } from "node:os";
import { appError, type AppError } from "#shared/domain/app-error";
import type { DeviceId } from "#shared/domain/device";
import type { Graph } from "../graph/graph-core";
import { formatShape } from "../graph/value";
import { assertFinite } from "../tensor/finite";
import type { Tensor } from "../tensor/tensor";
import { firstSentence } from "./device-probe";
import { assertAvailable, deviceName, providerOf } from "./execution-provider";
import { OrtSession } from "./onnx-runtime";
import { fromOrtTensor, toOrtTensor } from "./ort-tensors";
import { guardWeights } from "./weight-guard";

export interface SessionOptions {
  readonly device: DeviceId;
  readonly threads: number;
  /** `all` runs convolutions faster but loads 2 to 4 times as long and needs twice the memory while loading: for small weights only. */
  readonly optimization?: "extended" | "all";
  /** The same graph over float32 weights that are to stay in their files, which the system maps, instead of being copied into packed form. */
  readonly mapped?: Graph;
}

/** A run of so much work takes so long that taking its buffers from the system each time costs nothing; kept, they would be a gigabyte for one picture. */
const longRunFlops = 50e9;

export interface InferenceSession {
  readonly graph: Graph;
  readonly device: DeviceId;
  /**
   * Runs the graph. Blocks the calling thread for the whole run.
   * @throws graph/shape-mismatch when a feed does not fit its input, device/failed when the runtime gives up,
   *   weights/not-finite when a float32 output holds NaN or infinity
   */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  dispose(): Promise<void>;
}

/** As many threads as the machine offers. */
export function defaultThreads(): number {
  return availableParallelism();
}

/**
 * Makes a graph ready on exactly the device asked for.
 * @throws device/unavailable, device/failed, weights/malformed when a weight file changed or cannot be read
 */
export async function createSession(graph: Graph, options: SessionOptions): Promise<InferenceSession> {
  await assertAvailable(options.device);
  const source = options.mapped ?? graph;
  const guard = await guardWeights(source.weightFiles);
  try {
    const session = await OrtSession.create(source.bytes, ortOptions(source, options)).catch((cause: unknown) => {
      throw creationError(source, options.device, cause);
    });
    if (options.mapped === undefined) await guard.release();
    return {
      graph,
      device: options.device,
      run: async (feeds) => {
        await guard.assertUnchanged();
        return runSession(session, { graph, device: options.device, feeds });
      },
      dispose: async () => {
        await session.release();
        await guard.release();
      },
    };
  } catch (error) {
    await guard.release();
    throw error;
  }
}

function ortOptions(graph: Graph, options: SessionOptions): OrtSessionType.SessionOptions {
  const config = {
    ...(graph.weightFolder === null ? {} : { model_external_initializers_file_folder_path: graph.weightFolder }),
    ...(options.mapped === undefined ? {} : { disable_prepacking: "1" }),
  };
  const { conv, linear, attention } = graph.flops;
  return {
    executionProviders: [providerOf(options.device)],
    // More threads than the machine offers only wait for one another.
    intraOpNumThreads: Math.min(options.threads, defaultThreads()),
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    graphOptimizationLevel: options.optimization ?? "extended",
    enableCpuMemArena: conv + linear + attention < longRunFlops,
    extra: { session: config },
  };
}

function creationError(graph: Graph, device: DeviceId, cause: unknown): AppError {
  const reason = firstSentence(cause);
  const file =
    graph.weightFiles.find(({ path }) => reason.includes(basename(path))) ??
    (/external|initializer/i.test(reason) ? graph.weightFiles[0] : undefined);
  if (file !== undefined)
    return appError("weights/malformed", `${file.path} cannot be read as weights: ${reason}`, {
      cause,
      hint: "Download or convert the file again.",
    });
  return appError("device/failed", `${deviceName(device)} cannot prepare the model: ${reason}`, {
    cause,
    hint: "Choose another device, for example the processor.",
  });
}

interface Run {
  readonly graph: Graph;
  readonly device: DeviceId;
  readonly feeds: Readonly<Record<string, Tensor>>;
}

async function runSession(session: OrtSessionType, { graph, device, feeds }: Run): Promise<Record<string, Tensor>> {
  checkFeeds(graph, feeds);
  const ortFeeds = Object.fromEntries(graph.inputs.map(({ name }) => [name, toOrtTensor(feeds[name] as Tensor)]));
  const results = await session.run(ortFeeds).catch((cause: unknown) => {
    throw appError("device/failed", `${deviceName(device)} failed while running the model: ${firstSentence(cause)}`, {
      cause,
      hint: "Free memory, lower the image size, or choose another device.",
    });
  });
  const outputs = Object.fromEntries(Object.entries(results).map(([name, result]) => [name, fromOrtTensor(name, result)]));
  for (const [name, output] of Object.entries(outputs)) if (output.dtype === "float32") assertFinite(outputLabel(graph, name), output.data);
  return outputs;
}

function outputLabel(graph: Graph, name: string): string {
  const [file] = graph.weightFiles;
  return file === undefined ? `The result "${name}"` : `The result "${name}" of ${basename(dirname(file.path))}/${basename(file.path)}`;
}

/** The runtime's own complaints name nodes, ours name what the caller gave. Inputs that nothing reads still have to be fed. */
function checkFeeds(graph: Graph, feeds: Readonly<Record<string, Tensor>>): void {
  const sizes = new Map<string, number>();
  for (const input of graph.inputs) {
    const feed = feeds[input.name];
    if (feed === undefined) throw appError("graph/shape-mismatch", `Input ${input.name} was not given.`);
    const fits =
      feed.dtype === input.dtype &&
      feed.shape.length === input.shape.length &&
      input.shape.every((size, axis) => {
        const given = feed.shape[axis] ?? 0;
        if (typeof size === "number") return size === given;
        const before = sizes.get(size) ?? given;
        sizes.set(size, before);
        return before === given;
      });
    if (!fits)
      throw appError(
        "graph/shape-mismatch",
        `Input ${input.name} is ${feed.dtype} ${formatShape(feed.shape)}, expected ${input.dtype} ${formatShape(input.shape)}.`,
      );
  }
}
