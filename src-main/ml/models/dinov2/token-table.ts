/** @file Everything DINOv2 adds to its patch tokens, as one table: class token, registers and interpolated positions. */
import { appError } from "#shared/domain/app-error";
import type { Checkpoint } from "../../weights/checkpoint";
import type { Dinov2Config } from "./config";
import { interpolatePositions, type InputSize, type PositionInterpolation } from "./position-embeddings";

export interface Dinov2TokenTable {
  /** [1 + registers + patches, hidden]: class token with its position, registers, positions of the patches. */
  readonly table: Float32Array;
  /** [1 + patches, hidden]: the interpolated positions alone. */
  readonly positions: Float32Array;
}

/**
 * Reads and interpolates the table. The class token has a position, registers have none.
 *
 * @throws weights/missing-tensor, weights/shape-mismatch
 */
export async function dinov2TokenTable(
  checkpoint: Checkpoint,
  config: Dinov2Config,
  options: { readonly size: InputSize; readonly interpolation: PositionInterpolation },
): Promise<Dinov2TokenTable> {
  const { hiddenSize, numRegisterTokens } = config;
  const side = Math.floor(config.imageSize / config.patchSize);
  const read = (name: string, shape: readonly number[]) => readChecked(checkpoint, `embeddings.${name}`, shape);
  const classToken = await read("cls_token", [1, 1, hiddenSize]);
  const stored = await read("position_embeddings", [1, 1 + side * side, hiddenSize]);
  const registers = numRegisterTokens === 0 ? new Float32Array() : await read("register_tokens", [1, numRegisterTokens, hiddenSize]);
  const classPosition = stored.subarray(0, hiddenSize);
  const patches = interpolatePositions(stored.subarray(hiddenSize), hiddenSize, options);
  const first = classToken.map((x, i) => x + (classPosition[i] ?? 0));
  return { table: joined(first, registers, patches), positions: joined(classPosition, patches) };
}

function joined(...parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

async function readChecked(checkpoint: Checkpoint, name: string, shape: readonly number[]): Promise<Float32Array> {
  const { shape: stored, data } = await checkpoint.readTensor(name);
  if (stored.join() !== shape.join()) {
    throw appError("weights/shape-mismatch", `${name} is [${stored.join(", ")}], expected [${shape.join(", ")}].`, {
      hint: "Its config.json describes another model.",
    });
  }
  return data;
}
