/** @file The masks that people gave, one file a picture by the picture's content: they stay when the picture leaves the library and comes back. */
import { readFile, rm } from "node:fs/promises";
import type { AssetId } from "#shared/domain/asset";
import { appError } from "#shared/domain/app-error";
import { type Mask, maskSchema } from "#shared/domain/mask";
import { writeFileAtomic } from "../../platform/atomic-file";
import { isNotFound } from "../../platform/disk-error";
import { contentPath } from "./content-path";
import type { MaskStore } from "./store-types";
import type { Writer } from "./writer";

const extension = ".json";

/** Opens the masks kept in `folder`, which need not be there. */
export function createMaskStore(folder: string, writer: Writer): MaskStore {
  async function read(assetId: AssetId): Promise<Mask | null> {
    const path = contentPath(folder, assetId, extension);
    const text = await readFile(path, "utf8").catch((error: unknown) => {
      if (isNotFound(error)) return null;
      throw damaged(path, error);
    });
    if (text === null) return null;
    try {
      return maskSchema.parse(JSON.parse(text));
    } catch (error) {
      throw damaged(path, error);
    }
  }

  return {
    read,
    put: (assetId, mask) =>
      writer.write(async () => {
        // What cannot be read cannot be brought back either, and must not stand in the way of a new mask.
        const previous = await read(assetId).catch(() => null);
        const path = contentPath(folder, assetId, extension);
        if (mask === null) await rm(path, { force: true });
        else await writeFileAtomic(path, `${JSON.stringify(mask)}\n`);
        return previous;
      }),
  };
}

function damaged(path: string, cause: unknown): Error {
  return appError("library/corrupt", `The mask ${path} cannot be read.`, {
    hint: "Paint or set the mask of this picture again, or remove it.",
    cause,
  });
}
