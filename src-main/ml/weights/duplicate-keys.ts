/** @file Finds a key that occurs twice in one object of a JSON text: JSON.parse would silently keep the last. */

/** The first repeated key of any object in `json`, which must be valid JSON; `null` when there is none. */
export function findDuplicateKey(json: string): string | null {
  const open: (Set<string> | null)[] = [];
  // In valid JSON only strings can hold brackets, and only keys are followed by a colon.
  const token = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g;
  for (let match = token.exec(json); match !== null; match = token.exec(json)) {
    const [text, colon] = match;
    if (text === "{") open.push(new Set());
    else if (text === "[") open.push(null);
    else if (text === "}" || text === "]") open.pop();
    else if (colon !== undefined) {
      const key = JSON.parse(text.slice(0, text.length - colon.length)) as string;
      const keys = open.at(-1);
      if (keys?.has(key) === true) return key;
      keys?.add(key);
    }
  }
  return null;
}
