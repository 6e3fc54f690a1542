/**
 * @file Repairs text that was damaged on its way: HTML entities, UTF-8 read as Windows-1252, ligatures, full-width letters, curly quotes.
 * CLIP was trained on captions cleaned this way. Covers the repairs a prompt is likely to need: entities beyond the common
 * ones and text damaged in parts are left alone.
 * Source: the rules of the `ftfy` library's `fix_text`.
 */

const namedEntities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

// prettier-ignore
const ligatures: Readonly<Record<string, string>> = {
  Ĳ: "IJ", ĳ: "ij", ŉ: "ʼn", Ǳ: "DZ", ǲ: "Dz", ǳ: "dz", Ǆ: "DŽ", ǅ: "Dž", ǆ: "dž", Ǉ: "LJ", ǈ: "Lj", ǉ: "lj", Ǌ: "NJ", ǋ: "Nj", ǌ: "nj",
  ﬀ: "ff", ﬁ: "fi", ﬂ: "fl", ﬃ: "ffi", ﬄ: "ffl", ﬅ: "ſt", ﬆ: "st",
};

/** Repairs `text` again and again until nothing changes, because damage comes in layers (`&amp;amp;`). */
export function repairText(text: string): string {
  const unescape = text.includes("<") ? (kept: string): string => kept : unescapedHtml; // text that holds a `<` is taken for source code
  let repaired = text;
  for (;;) {
    const next = repairOnce(unescape(repaired));
    if (next === repaired) return next;
    repaired = next;
  }
}

function repairOnce(text: string): string {
  /* eslint-disable no-control-regex -- these are the characters to remove */
  return decodedMojibake(text)
    .replaceAll(/[ĲĳŉǱ-ǳǄ-ǌﬀ-ﬆ]/gu, (letter) => ligatures[letter] ?? letter)
    .replaceAll(/[\u3000\uff01-\uffef]/gu, (letter) => letter.normalize("NFKC"))
    .replaceAll(/[\u02bc\u2018-\u201b]/gu, "'")
    .replaceAll(/[\u201c-\u201f]/gu, '"')
    .replaceAll(/\r\n|[\r\u2028\u2029\u0085]/gu, "\n")
    .replaceAll(/[\0-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]/gu, "")
    .replaceAll(/\p{Surrogate}/gu, "\ufffd")
    .normalize("NFC");
  /* eslint-enable no-control-regex */
}

function unescapedHtml(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#[xX]([\dA-Fa-f]{1,6})|([A-Za-z]{2,24}));/g,
    (entity, decimal?: string, hexadecimal?: string, name?: string) => {
      if (name !== undefined) return namedEntities[name] ?? entity;
      const codePoint = decimal === undefined ? Number.parseInt(hexadecimal ?? "", 16) : Number(decimal);
      return codePoint > 0 && codePoint <= 0x10ffff && !(codePoint >= 0xd800 && codePoint <= 0xdfff)
        ? String.fromCodePoint(codePoint)
        : entity;
    },
  );
}

/** Windows-1252 from 0x80 to 0x9f, the unassigned five as control characters; the other bytes are Latin-1. */
const windows1252Letters = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";
const windows1252 = new Map(
  Array.from({ length: 256 }, (_, byte) => [
    byte >= 0x80 && byte <= 0x9f ? (windows1252Letters[byte - 0x80] ?? "") : String.fromCharCode(byte),
    byte,
  ]),
);

/** Text whose letters, written as Windows-1252 bytes, are valid UTF-8 beyond ASCII was almost surely UTF-8 read wrongly. */
function decodedMojibake(text: string): string {
  const bytes = [...text].map((letter) => windows1252.get(letter));
  if (!bytes.some((byte) => byte !== undefined && byte > 127)) return text;
  if (!bytes.every((byte) => byte !== undefined)) return text;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return text;
  }
}
