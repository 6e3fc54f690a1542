/** @file Pictures as a command line names them: one by one, or by the folders that hold them. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { appError } from "#shared/domain/app-error";
import { scanFolder } from "../../data/library/scanner";

/** Paths once each; `skipped` is what a person would expect to find but that is left out. */
export interface PictureListing {
  readonly paths: readonly string[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/** The pictures named, and those in the folders named and below. Throws image/unreadable for a path that is not there. */
export async function listPictures(inputs: readonly string[], signal: AbortSignal): Promise<PictureListing> {
  const paths = new Set<string>();
  const skipped: PictureListing["skipped"][number][] = [];
  for (const input of inputs.map((one) => resolve(one))) {
    const found = await stat(input).catch((cause: unknown) => {
      throw appError("image/unreadable", `There is no picture and no folder at ${input}.`, { hint: "Check the path.", cause });
    });
    if (!found.isDirectory()) {
      paths.add(input);
      continue;
    }
    for await (const entry of scanFolder(input, { signal })) {
      if (entry.kind === "image-candidate") paths.add(entry.path);
      else skipped.push({ path: entry.path, reason: entry.message });
    }
  }
  return { paths: [...paths], skipped };
}
