/** @file Boards: sets of references that a person keeps under a name. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { type BoardId, type ReferenceBoard, referenceBoardSchema } from "#shared/domain/reference-board";
import { brandId } from "#shared/lib/branded-id";
import { openJsonDocument } from "./json-document";
import type { ReferenceBoards } from "./store-types";
import type { Writer } from "./writer";

const boardsSchema: z.ZodType<readonly ReferenceBoard[]> = z.array(referenceBoardSchema);

/** Opens the list of boards. @throws library/corrupt */
export async function openReferenceBoards(libraryPath: string, writer: Writer): Promise<ReferenceBoards> {
  const document = await openJsonDocument({ path: join(libraryPath, "boards.json"), libraryPath, schema: boardsSchema, initial: [] });
  return {
    list: () => document.read(),
    save: ({ id, name, references }) =>
      writer.write(async () => {
        const board = { id: id ?? brandId<BoardId>(randomUUID()), name, references };
        const boards = document.read();
        const isKnown = boards.some((known) => known.id === board.id);
        await document.replace(isKnown ? boards.map((known) => (known.id === board.id ? board : known)) : [...boards, board]);
        return board;
      }),
    remove: (id) => writer.write(() => document.replace(document.read().filter((board) => board.id !== id))),
  };
}
