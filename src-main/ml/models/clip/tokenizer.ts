/**
 * @file CLIP's tokenizer: text to the ids its text tower reads, as Stable Diffusion 1.x and 2.x use it too.
 * Source: Radford et al., "Learning Transferable Visual Models From Natural Language Supervision", 2021; transformers 4.44 `CLIPTokenizer`.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { appError } from "#shared/domain/app-error";
import type { Tensor } from "../../tensor/tensor";
import { parseModelConfig } from "../parse-config";
import { bytePairs, parseMerges } from "./byte-pair-encoding";
import type { MergeRanks } from "./byte-pair-encoding";
import { cleanText } from "./text-cleaning";
import type { TextCleaning } from "./text-cleaning";

const START_OF_TEXT = "<|startoftext|>";
const END_OF_TEXT = "<|endoftext|>";

/** Words, the English endings with an apostrophe, single digits, and runs of everything else. */
const wordPattern = /'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+/giu;

/** What the files of a tokenizer folder say. */
export interface ClipVocabulary {
  readonly idOfToken: ReadonlyMap<string, number>;
  readonly merges: MergeRanks;
  readonly startId: number;
  readonly endId: number;
  /** What a short prompt is filled up with: end-of-text in SD 1.x, `!` in SD 2.x. Pad tokens take part in attention. */
  readonly padId: number;
  /** Texts that stand for a token of their own wherever they are in a prompt: start, end and pad. With SD 2.x that makes `!!!` three tokens. */
  readonly specialTokens: readonly string[];
  readonly maxLength: number;
}

/** Encodes prompts. Words are cached, because prompts repeat. */
export class ClipTokenizer {
  readonly vocabulary: ClipVocabulary;
  readonly #clean: (text: string) => string;
  readonly #specialPattern: RegExp;
  readonly #idsOfWord = new Map<string, readonly number[]>();

  constructor(vocabulary: ClipVocabulary, cleaning: TextCleaning = "ftfy") {
    this.vocabulary = vocabulary;
    this.#clean = cleanText[cleaning];
    this.#specialPattern = new RegExp(
      `(${vocabulary.specialTokens.map((token) => token.replaceAll(/[$()*+.?[\\\]^{|}/]/g, "\\$&")).join("|")})`,
      "u",
    );
  }

  /** Ids from start to end of text, at most `maxLength`: a longer prompt is cut and still ends with end-of-text. */
  encode(text: string): readonly number[] {
    const { startId, endId, maxLength } = this.vocabulary;
    const ids = text
      .split(this.#specialPattern)
      .flatMap((part, index) => (index % 2 === 1 ? [this.#idOfToken(part)] : this.#encodePlain(part)));
    return [startId, ...ids.slice(0, maxLength - 2), endId];
  }

  /** Prompts as the text tower's input: int64 [N, maxLength], filled up with the pad token. */
  encodeBatch(texts: readonly string[]): Tensor & { dtype: "int64" } {
    const { maxLength, padId } = this.vocabulary;
    const data = new BigInt64Array(texts.length * maxLength).fill(BigInt(padId));
    texts.forEach((text, row) => data.set(this.encode(text).map(BigInt), row * maxLength));
    return { dtype: "int64", shape: [texts.length, maxLength], data };
  }

  #encodePlain(text: string): readonly number[] {
    return (this.#clean(text).match(wordPattern) ?? []).flatMap((word) => this.#encodeWord(word));
  }

  #encodeWord(word: string): readonly number[] {
    const known = this.#idsOfWord.get(word);
    if (known !== undefined) return known;
    const ids = bytePairs(word, this.vocabulary.merges).map((symbol) => this.#idOfToken(symbol));
    if (this.#idsOfWord.size < 10_000) this.#idsOfWord.set(word, ids);
    return ids;
  }

  /** A symbol that the vocabulary lacks counts as end-of-text, CLIP's unknown token. */
  #idOfToken(token: string): number {
    return this.vocabulary.idOfToken.get(token) ?? this.vocabulary.endId;
  }
}

const token = z.union([z.string(), z.looseObject({ content: z.string() }).transform(({ content }) => content)]);
const vocabularySchema = z.record(z.string(), z.number().int().nonnegative());
const tokenizerConfigSchema = z.looseObject({
  pad_token: token.nullish(),
  model_max_length: z.number().int().min(3).max(4096).catch(77).default(77),
  added_tokens_decoder: z.unknown().optional(),
});
const specialTokensSchema = z.looseObject({ pad_token: token.nullish() });

/** Where a tokenizer is. */
export interface TokenizerFiles {
  readonly folder: string;
  /** Has precedence over what the files say. */
  readonly padToken?: string;
}

/**
 * Opens a tokenizer folder: vocab.json and merges.txt, with tokenizer_config.json and special_tokens_map.json where they are.
 *
 * @throws checkpoint/incomplete when vocab.json or merges.txt is missing
 * @throws graph/unsupported-config when a file does not hold what it should
 */
export async function openClipTokenizer({ folder, padToken }: TokenizerFiles, cleaning: TextCleaning = "ftfy"): Promise<ClipTokenizer> {
  // One after the other: where several are missing, it is always the same one that is told.
  const vocabulary = await readRequired(join(folder, "vocab.json"));
  const merges = await readRequired(join(folder, "merges.txt"));
  const config = await readOptional(join(folder, "tokenizer_config.json"));
  const specialTokens = await readOptional(join(folder, "special_tokens_map.json"));
  return new ClipTokenizer(
    parseClipVocabulary({
      vocabulary: parseJson(join(folder, "vocab.json"), vocabulary),
      merges,
      config: parseJson(join(folder, "tokenizer_config.json"), config ?? "{}"),
      specialTokens: parseJson(join(folder, "special_tokens_map.json"), specialTokens ?? "{}"),
      ...(padToken === undefined ? {} : { padToken }),
    }),
    cleaning,
  );
}

export interface ClipVocabularyFiles {
  readonly vocabulary: unknown;
  readonly merges: string;
  readonly config: unknown;
  readonly specialTokens: unknown;
  readonly padToken?: string;
}

/** Builds the vocabulary from the contents of its files (JSON already parsed). Throws graph/unsupported-config. */
export function parseClipVocabulary(files: ClipVocabularyFiles): ClipVocabulary {
  const idOfToken = new Map(Object.entries(parseModelConfig("vocab.json", vocabularySchema, files.vocabulary)));
  const config = parseModelConfig("tokenizer_config.json", tokenizerConfigSchema, files.config);
  const special = parseModelConfig("special_tokens_map.json", specialTokensSchema, files.specialTokens);
  const idOf = (name: string): number => {
    const id = idOfToken.get(name);
    if (id === undefined)
      throw appError("graph/unsupported-config", `vocab.json has no ${name} token.`, {
        hint: "Take the vocab.json that belongs to the checkpoint.",
      });
    return id;
  };
  // Files that list their added tokens are complete in themselves; before that, special_tokens_map.json had the last word.
  const padToken =
    files.padToken ??
    (config.added_tokens_decoder === undefined ? special.pad_token : null) ??
    config.pad_token ??
    special.pad_token ??
    END_OF_TEXT;
  return {
    idOfToken,
    merges: parseMerges(files.merges),
    startId: idOf(START_OF_TEXT),
    endId: idOf(END_OF_TEXT),
    padId: idOf(padToken),
    specialTokens: [...new Set([START_OF_TEXT, END_OF_TEXT, padToken])],
    maxLength: config.model_max_length,
  };
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw appError("graph/unsupported-config", `${file} is not valid JSON.`, {
      hint: "Copy the file again from where the checkpoint came from.",
      cause,
    });
  }
}

async function readOptional(file: string): Promise<string | null> {
  return readFile(file, "utf8").catch(() => null);
}

async function readRequired(file: string): Promise<string> {
  return readFile(file, "utf8").catch((cause: unknown) => {
    throw appError("checkpoint/incomplete", `${file} cannot be read.`, {
      hint: "A CLIP tokenizer folder holds vocab.json and merges.txt.",
      cause,
    });
  });
}
