import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { goldenCheckpoint } from "../../../../tests/support/goldens";
import { scratchFolder } from "../../../../tests/support/scratch-folder";
import { tensor, type Tensor } from "../../tensor/tensor";
import { openCheckpoint, type Checkpoint } from "../../weights/checkpoint";
import { writeSafetensors } from "../../weights/safetensors";
import { openModel } from "../model-folder";
import { parseUNet2DConditionConfig, type UNet2DConditionConfig } from "../stable-diffusion/config";
import { buildAdapterImageEncoder, openAdapterImageEncoder } from "./image-encoder";
import { buildImageAttention, openIpAdapter } from "./ip-adapter";

const folder = scratchFolder();
const sd15Adapter = join(goldenCheckpoint("ip-adapter-plus-sd15-tiny"), "models");
const sdxlAdapter = join(goldenCheckpoint("sdxl-tiny-ip-adapter"), "models");

let sd15: UNet2DConditionConfig;
let sdxl: UNet2DConditionConfig;
let plus: Checkpoint;
beforeAll(async () => {
  sd15 = parseUNet2DConditionConfig((await openModel(goldenCheckpoint("sd15-tiny"))).partConfig("unet"));
  sdxl = parseUNet2DConditionConfig((await openModel(goldenCheckpoint("sdxl-tiny"))).partConfig("unet"));
  plus = await openCheckpoint(join(sd15Adapter, "ip-adapter-plus_sd15.safetensors"));
});

async function written(name: string, tensors: Readonly<Record<string, Tensor>>): Promise<Checkpoint> {
  const file = join(folder, `${name}.safetensors`);
  await writeSafetensors(file, new Map(Object.entries(tensors)));
  return openCheckpoint(file);
}

const zeros = (...shape: number[]) => tensor(shape, new Float32Array(shape.reduce((product, size) => product * size, 1)));

describe("an adapter that fits", () => {
  test("numbers the attentions to the text down, up, and the middle last", () => {
    const order = JSON.parse(readFileSync(join(goldenCheckpoint("ip-adapter-plus-sd15-tiny"), "ORDER.json"), "utf8")) as {
      readonly ip_adapter_order: readonly (readonly [number, string])[];
    };
    const { attentions } = openIpAdapter(plus, sd15);
    expect(attentions.map(({ path, weights }) => [Number(weights.path.split(".")[1]), path])).toEqual(order.ip_adapter_order);
  });

  test("tells the sizes of its Resampler by its tensors", () => {
    expect(openIpAdapter(plus, sd15).resampler).toEqual({
      imageWidth: 40,
      hiddenSize: 48,
      outputWidth: 32,
      tokens: 16,
      layers: 4,
      heads: 2,
      innerSize: 128,
    });
  });

  test("reads every tensor of its file", async () => {
    for (const [adapter, config] of [
      [plus, sd15],
      [await openCheckpoint(join(sdxlAdapter, "ip-adapter-plus_sdxl_vit-h.safetensors")), sdxl],
    ] as const) {
      const graph = buildImageAttention(openIpAdapter(adapter, config), { imageTokens: 257 });
      expect(graph.weightBytes).toBe([...adapter.tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0));
    }
  });
});

describe("what does not fit is said", () => {
  test("an adapter of another model", async () => {
    const xl = await openCheckpoint(join(sdxlAdapter, "ip-adapter-plus_sdxl_vit-h.safetensors"));
    const attempt = () => openIpAdapter(xl, sd15);
    expect(attempt).toThrow("was made for another model: it has 70 attentions and tokens of 64 channels, this U-Net has 16 and 32.");
    expect(attempt).toThrow(expect.objectContaining({ code: "graph/unsupported-config" }));
    expect(() => openIpAdapter(plus, sdxl)).toThrow("this U-Net has 70 and 64");
  });

  test("an adapter of another kind, and a file that is none", async () => {
    const plain = await written("plain", { "image_proj.proj.weight": zeros(4, 4), "ip_adapter.1.to_k_ip.weight": zeros(4, 4) });
    expect(() => openIpAdapter(plain, sd15)).toThrow("is an IP-Adapter of another kind; the Plus kind is needed.");
    const other = await written("other", { "conv_in.weight": zeros(4, 4) });
    expect(() => openIpAdapter(other, sd15)).toThrow("is no IP-Adapter.");
  });

  test("a Resampler whose tensors contradict each other", async () => {
    const broken = await written("broken", {
      "image_proj.latents": zeros(1, 16, 48),
      "image_proj.layers.0.0.to_q.weight": zeros(100, 48),
      "ip_adapter.1.to_k_ip.weight": zeros(4, 4),
    });
    expect(() => openIpAdapter(broken, sd15)).toThrow(expect.objectContaining({ code: "checkpoint/incomplete" }));
  });

  test("an image encoder the adapter was not trained with", async () => {
    const adapter = openIpAdapter(plus, sd15);
    const other = await openModel(join(sdxlAdapter, "image_encoder"));
    expect(() => openAdapterImageEncoder(other, adapter)).toThrow("gives 48 channels a patch, but the IP-Adapter takes 40.");
    const notClip = await openModel(goldenCheckpoint("dinov2-tiny"));
    expect(() => openAdapterImageEncoder(notClip, adapter)).toThrow("dinov2-tiny is no CLIP model");
  });
});

test("the image encoder ends before its last layer", async () => {
  const encoder = openAdapterImageEncoder(await openModel(join(sd15Adapter, "image_encoder")), openIpAdapter(plus, sd15));
  const { outputs } = buildAdapterImageEncoder(encoder);
  expect(outputs.map(({ name, shape }) => [name, shape])).toEqual([["hidden2", ["N", 257, 40]]]);
  expect(encoder.imageTokens).toBe(257);
});
