import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AppError } from "#shared/domain/app-error";
import { parseClipTextConfig } from "./text-config";

describe("text_encoder/config.json", () => {
  test("absent keys take transformers' defaults", () => {
    expect(parseClipTextConfig({})).toEqual({
      vocabSize: 49408,
      hiddenSize: 512,
      intermediateSize: 2048,
      numHiddenLayers: 12,
      numAttentionHeads: 8,
      maxPositionEmbeddings: 77,
      hiddenAct: "quick_gelu",
      layerNormEps: 1e-5,
      projectionDim: 512,
      eosTokenId: 49407,
    });
  });

  test("a whole CLIP model holds the text tower's part by itself", () => {
    const whole = { hidden_size: 1, projection_dim: 768, text_config: { hidden_size: 1024, hidden_act: "gelu", projection_dim: 1 } };
    expect(parseClipTextConfig(whole)).toMatchObject({ hiddenSize: 1024, hiddenAct: "gelu", projectionDim: 768 });
  });

  test.each([
    ["hidden_act", "gelu_new"],
    ["hidden_size", 30],
    ["num_hidden_layers", 0],
  ])("%s %j is refused by name", (field, value) => {
    expect(() => parseClipTextConfig({ num_attention_heads: 8, [field]: value })).toThrow(`field "${field}"`);
  });

  test("whatever the file holds, it is parsed or refused with a reason", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.dictionary(fc.constantFrom("hidden_size", "hidden_act", "num_attention_heads", "text_config"), fc.jsonValue()),
        ),
        (json) => {
          try {
            const config = parseClipTextConfig(json);
            expect(config.hiddenSize % config.numAttentionHeads).toBe(0);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        },
      ),
    );
  });
});
