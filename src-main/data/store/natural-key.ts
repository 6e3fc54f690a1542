/** @file Sort keys that order names as people do: case and accents aside, numbers by value. */

const digitRun = /\d+/g;
const combiningMarks = /\p{M}+/gu;
const isAscii = /^\p{ASCII}*$/u;

/** Lower case without accents, in one Unicode form, so that texts compare as they read. */
export function foldText(text: string): string {
  return isAscii.test(text) ? text.toLowerCase() : text.normalize("NFKD").replace(combiningMarks, "").toLowerCase();
}

/**
 * A key whose code-unit order is the natural order of names: "img9" before "img10". A run of digits is preceded by its
 * length in two digits, so that a plain comparison of strings, far cheaper than a collator on 100,000 names, is enough.
 */
export function naturalKey(name: string): string {
  return foldText(name).replace(digitRun, (digits) => {
    const significant = digits.replace(/^0+(?=\d)/, "");
    return `${String(Math.min(significant.length, 99)).padStart(2, "0")}${significant}`;
  });
}

/** The natural key of a path: a folder's content stays together, and "a/z" comes before "a b/c". */
export function naturalPathKey(path: string): string {
  return path.split(/[\\/]/).map(naturalKey).join("\u0001");
}
