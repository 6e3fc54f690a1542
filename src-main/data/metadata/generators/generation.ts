/** @file How a picture was generated, by whichever program left its notes in the texts of the file. */
import type { Generation } from "#shared/domain/asset-metadata";
import { parseInfotext } from "./a1111";
import { readComfyUi } from "./comfyui";
import { isRecord, parseJsonObject } from "./exact-json";
import { readFlatFields } from "./flat-json";
import { readFooocus } from "./fooocus";
import { knownFields } from "./generation-values";
import { readInvokeAi } from "./invokeai";

type Texts = ReadonlyMap<string, string>;

/** Names under which programs leave their notes. */
const noteNames = ["parameters", "UserComment", "Comment", "ImageDescription", "Description", "XPComment"];

/**
 * Reads the texts of a file, by name. When several programs left notes (a saver of one may add those of another), the fullest counts.
 * null when there is nothing of the kind.
 */
export function readGeneration(texts: Texts): Generation | null {
  const accounts = [readInvokeAi(texts), readFooocus(texts), readComfyUi(texts), readInfotext(texts)].filter((account) => account !== null);
  const fullest = accounts.reduce<Generation | null>(
    (best, account) => (best === null || knownFields(account) > knownFields(best) ? account : best),
    null,
  );
  return fullest ?? readUnknown(texts);
}

function readInfotext(texts: Texts): Generation | null {
  for (const name of noteNames) {
    const generation = parseInfotext(texts.get(name) ?? "");
    if (generation !== null) return generation;
  }
  return null;
}

/** Another program's notes: settings in JSON, perhaps one level down. */
function readUnknown(texts: Texts): Generation | null {
  for (const name of noteNames) {
    const notes = parseJsonObject(texts.get(name));
    if (notes === null) continue;
    for (const fields of [notes, ...Object.values(notes).filter(isRecord)]) {
      const generation = readFlatFields(fields, "unknown");
      if (generation.prompt !== null && (generation.seed !== null || generation.steps !== null)) return generation;
    }
  }
  return null;
}

/** True for a text that is a program's notes and not words about a picture. */
export function isGeneratorNote(text: string): boolean {
  return /^\s*(?:\{\s*["}]|\[\s*[{["]|(?:prompt|workflow):\s*\{)/i.test(text) || /^[ \t]{0,20}Steps:[ \t]{0,20}\d/m.test(text);
}
