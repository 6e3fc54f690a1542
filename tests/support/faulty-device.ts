/**
 * @file A graphics card that is not there, at the runtime's own door: sessions for CUDA run on the processor, and fail when a test says so.
 * Everything above the door - probe, self-test, sessions, services - is the product's own.
 */
import type * as OnnxRuntime from "#main/ml/runtime/onnx-runtime";

type Runtime = typeof OnnxRuntime;
type Session = Awaited<ReturnType<Runtime["OrtSession"]["create"]>>;
type Outputs = Awaited<ReturnType<Session["run"]>>;

/** What the card does wrong; a test changes it while work is going on. */
interface FaultyDevice {
  /** Thrown when a session is made. */
  atCreate: Error | null;
  /** Thrown by a run; told how many runs the card has begun. */
  atRun: (run: number) => Error | null;
  /** Changes what a run gives. */
  outputs: (outputs: Outputs) => Outputs;
  runs: number;
}

const working: FaultyDevice = { atCreate: null, atRun: () => null, outputs: (outputs) => outputs, runs: 0 };

/** The card of a test file. */
export const card: FaultyDevice = { ...working };

/** Makes the card work again and forgets its runs. */
export function mendCard(): void {
  Object.assign(card, working);
}

/** The runtime with {@link card} behind its CUDA provider. */
export function runtimeWithCard(real: Runtime): Runtime {
  const create = async (bytes: Uint8Array, options: { readonly executionProviders: readonly string[] }): Promise<Session> => {
    if (!options.executionProviders.includes("cuda")) return real.OrtSession.create(bytes, { ...options, executionProviders: ["cpu"] });
    if (card.atCreate !== null) throw card.atCreate;
    const session = await real.OrtSession.create(bytes, { ...options, executionProviders: ["cpu"] });
    const run = session.run.bind(session);
    return Object.assign(session, {
      run: async (feeds: Parameters<Session["run"]>[0]) => {
        card.runs += 1;
        const error = card.atRun(card.runs);
        if (error !== null) throw error;
        return card.outputs(await run(feeds));
      },
    });
  };
  const backends = [...real.listSupportedBackends().filter(({ name }) => name !== "cuda"), { name: "cuda", bundled: true }];
  return {
    ...real,
    listSupportedBackends: () => backends,
    OrtSession: { ...real.OrtSession, create: create as Runtime["OrtSession"]["create"] },
  };
}
