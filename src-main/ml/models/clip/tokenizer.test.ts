import fc from "fast-check";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bytePairs, parseMerges } from "./byte-pair-encoding";
import { cleanText } from "./text-cleaning";
import { repairText } from "./text-repair";
import { ClipTokenizer, openClipTokenizer, parseClipVocabulary } from "./tokenizer";

const merges = "#version: 0.2\nc a\nca t</w>\n! !</w>\n' s</w>\n";
const vocabulary = {
  "<|startoftext|>": 10,
  "<|endoftext|>": 11,
  "!": 0,
  "cat</w>": 1,
  ca: 2,
  "r</w>": 3,
  "'s</w>": 4,
  "7</w>": 5,
  "!!</w>": 6,
  ca_: 7,
};
const files = { vocabulary, merges, config: { model_max_length: 8 }, specialTokens: { pad_token: { content: "!" } } };
const tokenizer = new ClipTokenizer(parseClipVocabulary(files));

describe("byte pairs", () => {
  test("the pair listed first merges first, everywhere in the word", () => {
    expect(bytePairs("cat", parseMerges(merges))).toEqual(["cat</w>"]);
    expect(bytePairs("cacar", parseMerges(merges))).toEqual(["ca", "ca", "r</w>"]);
    expect(bytePairs("", parseMerges(merges))).toEqual([]);
  });

  test("law: without merges there is one letter per UTF-8 byte, and no two bytes share one", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (word) => {
        expect(bytePairs(word, new Map())).toHaveLength(new TextEncoder().encode(word).length);
      }),
    );
    const letters = Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(byte)).flatMap((letter) =>
      bytePairs(`${letter}.`, new Map()).slice(0, -1),
    );
    expect(new Set(letters).size).toBe(128 + 64 + 2); // ASCII, continuation bytes, and the two lead bytes of U+0080 to U+00FF
  });
});

describe("encoding", () => {
  test("words, endings, single digits and special tokens", () => {
    expect(tokenizer.encode(" CAT's  77 ")).toEqual([10, 1, 4, 5, 5, 11]);
    expect(tokenizer.encode("cat!!<|endoftext|>cat")).toEqual([10, 1, 0, 0, 11, 1, 11]);
    const padsWithEnd = new ClipTokenizer(parseClipVocabulary({ ...files, specialTokens: {} }));
    expect(padsWithEnd.encode("cat!!<|endoftext|>cat")).toEqual([10, 1, 6, 11, 1, 11]);
    expect(tokenizer.encode("")).toEqual([10, 11]);
  });

  test("a long prompt is cut and ends with end-of-text; a short one is padded", () => {
    expect(tokenizer.encode("cat ".repeat(20))).toEqual([10, 1, 1, 1, 1, 1, 1, 11]);
    const batch = tokenizer.encodeBatch(["cat", "cat cat"]);
    expect(batch.shape).toEqual([2, 8]);
    expect([...batch.data]).toEqual([10n, 1n, 11n, 0n, 0n, 0n, 0n, 0n, 10n, 1n, 1n, 11n, 0n, 0n, 0n, 0n]);
  });

  test("law: any text in any cleaning encodes to known ids within the length", () => {
    const cleanings = (["ftfy", "basic", "fast"] as const).map((cleaning) => new ClipTokenizer(parseClipVocabulary(files), cleaning));
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.string()),
        fc.constantFrom(...cleanings),
        (text, chosen) => {
          const ids = chosen.encode(text);
          expect(ids.length).toBeLessThanOrEqual(8);
          expect([ids[0], ids.at(-1)]).toEqual([10, 11]);
          expect(ids.every((id) => Object.values(vocabulary).includes(id))).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("cleaning", () => {
  test("repairs layers of damage", () => {
    expect(repairText("&amp;amp; &#39;x&#x27; &unknown; &#0; &#xD800;")).toBe("& 'x' &unknown; &#0; &#xD800;");
    expect(repairText("<b>&amp;</b>")).toBe("<b>&amp;</b>");
    expect(repairText("schÃ¶n â€œqâ€\u009d")).toBe('schön "q"');
    expect(repairText("ﬁn ＡＢ\r\n\u0007“x”")).toBe('fin AB\n"x"');
    expect(repairText("été \u00a3")).toBe("été \u00a3");
  });

  test("law: repaired text stays as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(repairText(repairText(text))).toBe(repairText(text));
      }),
    );
  });

  test("without ftfy, ideographs stand alone and joiners vanish", () => {
    expect(cleanText.basic("A東京\u200dB\tC")).toBe("a 東 京 b c");
    expect(cleanText.fast("A東京\u200dB\tC")).toBe("a東京\u200db c");
  });
});

describe("files", () => {
  test("the pad token comes from special_tokens_map.json, unless tokenizer_config.json is complete in itself", () => {
    expect(parseClipVocabulary({ ...files, config: { pad_token: "<|endoftext|>" } })).toMatchObject({ padId: 0, maxLength: 77 });
    expect(parseClipVocabulary({ ...files, config: { pad_token: "<|endoftext|>", added_tokens_decoder: {} } }).padId).toBe(11);
    expect(parseClipVocabulary({ ...files, specialTokens: {} }).padId).toBe(11);
  });

  test("a folder without its files, or with broken ones, is refused by name", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tokenizer-"));
    try {
      await expect(openClipTokenizer({ folder })).rejects.toMatchObject({
        code: "checkpoint/incomplete",
        message: expect.stringContaining("vocab.json"),
      });
      writeFileSync(join(folder, "merges.txt"), merges);
      writeFileSync(join(folder, "vocab.json"), "{");
      await expect(openClipTokenizer({ folder })).rejects.toMatchObject({ code: "graph/unsupported-config" });
      writeFileSync(join(folder, "vocab.json"), JSON.stringify({ a: 1 }));
      await expect(openClipTokenizer({ folder })).rejects.toMatchObject({ message: "vocab.json has no <|startoftext|> token." });
      writeFileSync(join(folder, "vocab.json"), JSON.stringify(vocabulary));
      expect((await openClipTokenizer({ folder })).encode("cat")).toEqual([10, 1, 11]);
      expect((await openClipTokenizer({ folder, padToken: "!" })).vocabulary).toMatchObject({ padId: 0, endId: 11 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
