/** @file Kinds of weights that are known for what they are though no model by themselves, so that the refusal can say it. */
import { isTinyEncoder } from "./autoencoder-tiny/config";
import { anyName, type TensorNames } from "./tensor-names";

export interface UnsupportedKind {
  /** The end of a sentence that begins with the file. */
  readonly what: string;
  readonly hint: string;
  /** Whether it belongs to a model: people have many of these, and nobody looking for models misses them. */
  readonly isAddition?: true;
  readonly detect: (tensors: TensorNames) => boolean;
}

/** Parts of names in all spellings of low-rank adapters. */
const adapterWords = ["lora_up", "lora_down", ".lora_A.", ".lora_B.", ".lora.up.", ".lora.down.", "hada_w1", "lokr_w1"];

/** What the denoising network's names begin with in files of original layouts. */
const networkPrefixes = ["model.diffusion_model.", "diffusion_model.", ""];

/** Looked through in this order: adapters repeat names of the models they were made for. */
const unsupportedKinds: readonly UnsupportedKind[] = [
  {
    what: "is a LoRA, which changes a model and is none by itself",
    hint: "Choose the model it was made for.",
    isAddition: true,
    detect: (tensors) => anyName(tensors, (name) => adapterWords.some((word) => name.includes(word))),
  },
  {
    what: "is an IP-Adapter, which shows a model a picture and is none by itself",
    hint: "Give it with --ip-adapter beside the model it was made for.",
    isAddition: true,
    detect: (tensors) =>
      anyName(tensors, (name) => name.startsWith("image_proj.")) && anyName(tensors, (name) => name.startsWith("ip_adapter.")),
  },
  {
    what: "is a ControlNet, which steers a model and is none by itself",
    hint: "Choose the model it was made for.",
    isAddition: true,
    detect: (tensors) =>
      tensors.has("controlnet_cond_embedding.conv_in.weight") ||
      ["control_model.", ""].some((prefix) => tensors.has(`${prefix}input_hint_block.0.weight`)),
  },
  {
    what: "is an inpainting, depth, editing or upscaling model: its U-Net takes more than a picture",
    hint: "Choose the text-to-image model it was made from.",
    detect: (tensors) => tensors.has("time_embedding.linear_1.weight") && tensors.get("conv_in.weight")?.shape[1] !== 4,
  },
  {
    what: "is Stable Diffusion 3, FLUX or another model with a transformer of texts and pictures, which no metric here is made for",
    hint: "Use Stable Diffusion 1.x, 2.x or XL.",
    detect: (tensors) =>
      ["joint_blocks.0.x_block.attn.qkv.weight", "double_blocks.0.img_attn.qkv.weight", "transformer_blocks.0.attn.add_k_proj.weight"].some(
        (name) => networkPrefixes.some((prefix) => tensors.has(prefix + name)),
      ),
  },
  {
    what: "is the U-Net of a Stable Diffusion model without autoencoder and text encoder",
    hint: "Choose a file that holds the whole model, or its diffusers folder.",
    detect: (tensors) => networkPrefixes.some((prefix) => tensors.has(`${prefix}input_blocks.0.0.weight`)),
  },
  {
    what: "is a Stable Diffusion VAE alone",
    hint: "Choose the model it belongs to.",
    isAddition: true,
    detect: (tensors) =>
      ["", "first_stage_model."].some((prefix) => ["encoder", "decoder"].every((half) => tensors.has(`${prefix}${half}.conv_in.weight`))),
  },
  {
    what: "is a tiny autoencoder, which stands in for a model's own and is none by itself",
    hint: "Give it with --vae beside the model.",
    isAddition: true,
    detect: (tensors) => isTinyEncoder(tensors),
  },
  {
    what: "is a CLIP text encoder alone",
    hint: "Choose the folder of the whole model.",
    isAddition: true,
    detect: (tensors) =>
      ["text_model.embeddings.token_embedding.weight", "transformer.resblocks.0.ln_1.weight"].some((name) => tensors.has(name)),
  },
];

/** What weights are that no family knows; null when they are not recognised at all. */
export function unsupportedKindOf(tensors: TensorNames): UnsupportedKind | null {
  return unsupportedKinds.find((kind) => kind.detect(tensors)) ?? null;
}
