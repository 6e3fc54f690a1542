/** @file Finds a key that occurs twice in one object of a JSON text: JSON.parse would silently keep the last. */

/** The first repeated key of any object in `json`, which must be valid JSON; `null` when there is none. */
export function findDuplicateKey(json: string): string | null {
  const open: (Set<string> | null)[] = [];
  // In valid JSON only strings can hold brackets, and only keys are followed by a colon.
  for (let at = nextMark(json, 0); at < json.length; at = nextMark(json, at)) {
    const mark = json[at];
    if (mark === '"') {
      const end = stringEnd(json, at);
      if (isKey(json, end)) {
        const key = JSON.parse(json.slice(at, end)) as string;
        const keys = open.at(-1);
        if (keys?.has(key) === true) return key;
        keys?.add(key);
      }
      at = end;
      continue;
    }
    if (mark === "{") open.push(new Set());
    else if (mark === "[") open.push(null);
    else open.pop();
    at += 1;
  }
  return null;
}

/** Place of the next quote or bracket from `from` on; the length of the text when there is none. */
function nextMark(json: string, from: number): number {
  let at = from;
  while (at < json.length && !'"{}[]'.includes(json[at] as string)) at += 1;
  return at;
}

/** The place after the closing quote of the string that opens at `start`. */
function stringEnd(json: string, start: number): number {
  let close = json.indexOf('"', start + 1);
  while (isEscaped(json, close)) close = json.indexOf('"', close + 1);
  return close + 1;
}

/** Whether an odd number of backslashes stands before `at`. */
function isEscaped(json: string, at: number): boolean {
  let first = at;
  while (json[first - 1] === "\\") first -= 1;
  return (at - first) % 2 === 1;
}

function isKey(json: string, end: number): boolean {
  let at = end;
  while (" \t\r\n".includes(json[at] ?? ":")) at += 1;
  return json[at] === ":";
}
