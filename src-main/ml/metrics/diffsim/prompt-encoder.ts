/** @file Prompts to what a U-Net is told of them, with the text towers of a Stable Diffusion model. */
import { attentionFormFor } from "../../graph/opset";
import { buildClipText, type ClipTextOutput } from "../../models/clip/text";
import type { TextTower } from "../../models/stable-diffusion/stable-diffusion";
import type { InferenceSession } from "../../runtime/inference-session";
import { float32Output } from "../../tensor/float32-output";
import { tensor, type Float32Tensor, type Tensor } from "../../tensor/tensor";
import type { MetricContext } from "../metric";

/** What a prompt becomes. */
export interface EncodedPrompt {
  /** States of the tokens, [1, T, C]; those of two towers side by side. */
  readonly encoderHiddenStates: Float32Tensor;
  /** The pooled prompt, [1, P]; Stable Diffusion XL only. */
  readonly textEmbeds?: Float32Tensor;
}

export interface PromptEncoder {
  /** Remembers what it has encoded. */
  encode(prompt: string): Promise<EncodedPrompt>;
  /** Frees the towers. */
  release(): Promise<void>;
}

/**
 * One tower gives its last states (Stable Diffusion 1.x and 2.x). Of two, XL reads the states before the last layer, and the pooled vector of the second.
 * Weights are read when the first prompt comes.
 */
export function createPromptEncoder(towers: readonly TextTower[], { runtime, sessions }: MetricContext): PromptEncoder {
  const attention = attentionFormFor(runtime);
  const handles = new Map<TextTower, Promise<InferenceSession>>();
  const prompts = new Map<string, Promise<EncodedPrompt>>();

  async function run(tower: TextTower, prompt: string, outputs: readonly ClipTextOutput[]): Promise<Readonly<Record<string, Tensor>>> {
    const load = async () => sessions.get(buildClipText(tower.weights, tower.config, { attention, outputs }), runtime);
    const handle = handles.get(tower) ?? load();
    handles.set(tower, handle);
    handle.catch(() => handles.delete(tower));
    return (await handle).run({ input_ids: tower.tokenizer.encodeBatch([prompt]) });
  }

  async function encode(prompt: string): Promise<EncodedPrompt> {
    const [first, second] = towers as readonly [TextTower, TextTower | undefined];
    if (second === undefined) {
      const { last_hidden_state: states } = await run(first, prompt, ["last_hidden_state"]);
      return { encoderHiddenStates: float32Output("last_hidden_state", states) };
    }
    const { penultimate_hidden_state: narrow } = await run(first, prompt, ["penultimate_hidden_state"]);
    const { penultimate_hidden_state: wide, text_embeds: pooled } = await run(second, prompt, ["penultimate_hidden_state", "text_embeds"]);
    return {
      encoderHiddenStates: sideBySide([float32Output("penultimate_hidden_state", narrow), float32Output("penultimate_hidden_state", wide)]),
      textEmbeds: float32Output("text_embeds", pooled),
    };
  }

  return {
    encode: (prompt) => {
      const encoded = prompts.get(prompt) ?? encode(prompt);
      prompts.set(prompt, encoded);
      encoded.catch(() => prompts.delete(prompt));
      return encoded;
    },
    release: async () => {
      await Promise.all([...handles.values()].map(async (handle) => (await handle).dispose()));
    },
  };
}

/** Joins states [1, T, C_i] along their channels. Towers with other numbers of tokens do not belong together. */
function sideBySide(parts: readonly Float32Tensor[]): Float32Tensor {
  const tokens = parts[0]?.shape[1] ?? 0;
  const widths = parts.map(({ shape }) => shape[2] ?? 0);
  const width = widths.reduce((sum, each) => sum + each, 0);
  const data = new Float32Array(tokens * width);
  let channel = 0;
  parts.forEach((part, i) => {
    const own = widths[i] ?? 0;
    for (let token = 0; token < tokens; token++) data.set(part.data.subarray(token * own, (token + 1) * own), token * width + channel);
    channel += own;
  });
  return tensor([1, tokens, width], data);
}
