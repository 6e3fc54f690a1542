/** @file Everything DINOv2 adds to its patch tokens, as one table: class token, registers and interpolated positions. */
import { appError } from "#shared/domain/app-error";
import type { Checkpoint } from "../../weights/checkpoint";
import type { Dinov2Config } from "./config";
import { interpolatePositions, type InputSize, type PositionInterpolation } from "./position-embeddings";

/**
 * Reads and interpolates the table. The class token has a position, registers have none.
 *
 * @returns [1 + registers + patches, hidden]
 * @throws weights/missing-tensor, weights/shape-mismatch
 */
export async function dinov2TokenTable(checkpoint: Checkpoint, config: Dinov2Config, options: { readonly size: InputSize; readonly interpolation: PositionInterpolation }): Promise<Float32Array> {
  const { hiddenSize, numRegisterTokens } = config;
  const side = Math.floor(config.imageSize / config.patchSize);
  const read = (name: string, shape: readonly number[]) => readChecked(checkpoint, `embeddings.${name}`, shape);
  const classToken = await read("cls_token", [1, 1, hiddenSize]);
  const positions = await read("position_embeddings", [1, 1 + side * side, hiddenSize]);
  const registers = numRegisterTokens === 0 ? new Float32Array() : await read("register_tokens", [1, numRegisterTokens, hiddenSize]);
  const patches = interpolatePositions(positions.subarray(hiddenSize), hiddenSize, options);
  const table = new Float32Array(hiddenSize + registers.length + patches.length);
  table.set(classToken.map((x, i) => x + (positions[i] ?? 0)));
  table.set(registers, hiddenSize);
  table.set(patches, hiddenSize + registers.length);
  return table;
}

async function readChecked(checkpoint: Checkpoint, name: string, shape: readonly number[]): Promise<Float32Array> {
  const { shape: stored, data } = await checkpoint.readTensor(name);
  if (stored.join() !== shape.join()) {
    throw appError("weights/shape-mismatch", `${name} is [${stored.join(", ")}], expected [${shape.join(", ")}].`, { hint: "Its config.json describes another model." });
  }
  return data;
}
