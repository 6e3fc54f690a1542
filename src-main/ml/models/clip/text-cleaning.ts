/**
 * @file What a CLIP tokenizer does to text before it is split: three variants of one vocabulary's tokenizer, which agree on ASCII.
 * Source: transformers 4.44 `CLIPTokenizer`, its `BasicTokenizer`, and `CLIPTokenizerFast`.
 */
import { repairText } from "./text-repair";

/**
 * `ftfy`: text is repaired first, as in CLIP's training; `basic`: what the same tokenizer does where the ftfy library is not
 * installed; `fast`: the tokenizer written in Rust, the only one of newer transformers.
 */
export type TextCleaning = "ftfy" | "basic" | "fast";

/** Cleans text to lower case with single spaces. */
export const cleanText: Readonly<Record<TextCleaning, (text: string) => string>> = {
  ftfy: (text) => lowerCaseWords(repairText(text)),
  basic: (text) => lowerCaseWords(withSpacedIdeographs(withoutControlCharacters(text)).normalize("NFC")),
  fast: (text) => lowerCaseWords(text.normalize("NFC")),
};

function lowerCaseWords(text: string): string {
  return text.replaceAll(/\s+/gu, " ").trim().toLowerCase();
}

/** Drops control, format (also the joiners of emoji), private and unassigned characters; tabs and line ends are white space. */
function withoutControlCharacters(text: string): string {
  return text.replaceAll(/[^\P{C}\t\n\r]|\ufffd/gu, "");
}

function withSpacedIdeographs(text: string): string {
  return text.replaceAll(/[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu, " $& ");
}
