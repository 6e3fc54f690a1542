import { expect, test } from "vitest";
import { toAppError } from "#shared/domain/app-error";
import { tensor } from "../tensor/tensor";
import { mapOfAttention, mapOfTap, tileVector } from "./feature-map";

const counting = (...shape: number[]) =>
  tensor(
    shape,
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i),
  );

test("channels first become vectors of tiles", () => {
  const map = mapOfTap("up_blocks.1", counting(3, 2, 2));
  expect(map).toMatchObject({ rows: 2, columns: 2, channels: 3 });
  expect([...tileVector(map, 1)]).toEqual([1, 5, 9]);
});

test("heads are put side by side, and tokens before the patches left out", () => {
  const map = mapOfTap("layer2.q", counting(2, 5, 3));
  expect(map).toMatchObject({ rows: 2, columns: 2, channels: 6 });
  expect([...tileVector(map, 0)]).toEqual([3, 4, 5, 18, 19, 20]);
});

test("as many tokens as channels: the name tells", () => {
  expect(mapOfTap("up_blocks.1.attentions.0.transformer_blocks.0.attn1.q", counting(2, 4, 4))).toMatchObject({ rows: 2, channels: 8 });
  expect(mapOfTap("up_blocks.1", counting(2, 4, 4))).toMatchObject({ rows: 4, channels: 2 });
});

test("guidance rows are further channels, before the heads", () => {
  const map = mapOfTap("up_blocks.1.attentions.0.transformer_blocks.0.attn1.sdpa", counting(2, 2, 4, 3));
  expect(map).toMatchObject({ rows: 2, columns: 2, channels: 12 });
  expect([...tileVector(map, 0)]).toEqual([0, 1, 2, 12, 13, 14, 24, 25, 26, 36, 37, 38]);
  expect(mapOfTap("mid_block", counting(2, 3, 2, 2))).toMatchObject({ rows: 2, channels: 6 });
});

test("hidden states, with class and register tokens", () => {
  expect(mapOfTap("hidden3", counting(14, 8))).toMatchObject({ rows: 3, columns: 3, channels: 8 });
});

test("attention features of a picture", () => {
  const values = Float32Array.from({ length: 2 * 3 * 2 }, (_, i) => i);
  const attention = {
    heads: 2,
    tokens: 3,
    headDim: 2,
    grid: { rows: 1, columns: 2, prefix: 1 },
    query: values,
    key: values,
    value: values,
  };
  const map = mapOfAttention({ ...attention, output: values });
  expect(map).toMatchObject({ rows: 1, columns: 2, channels: 4 });
  expect([...map.data]).toEqual([2, 3, 8, 9, 4, 5, 10, 11]);
});

test.each([
  ["embedding", counting(8), "tap/unknown"],
  ["attn2.k, whose tokens are words", counting(2, 77, 8), "tap/unknown"],
  ["damaged weights", tensor([1, 2, 2], Float32Array.of(1, Number.NaN, 1, 1)), "weights/not-finite"],
])("%s is refused in one sentence", (name, value, code) => {
  try {
    mapOfTap(name, value);
    expect.unreachable();
  } catch (error) {
    expect(toAppError(error)).toMatchObject({ code, message: expect.stringMatching(/^[^\n]+\.$/) as string });
  }
});
