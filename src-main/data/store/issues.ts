/** @file Files that were skipped, each with a sentence why. */
import type { FileIssue, RootId } from "#shared/domain/library";
import { fileIssueSchema } from "#shared/domain/library";
import type { Database } from "./database";
import { toColumns } from "./database";
import type { KeyedTable } from "./keyed-table";
import { issueTableDefinition } from "./schema";
import type { IssueStore } from "./store-types";
import type { RootMove } from "./root-move";
import { messageOfMove, movedPath, rowsOfMove } from "./root-move";
import type { Writer } from "./writer";

export interface IssueTable {
  readonly keyed: KeyedTable;
  readonly store: IssueStore;
  /** Runs inside the writer's queue. */
  forgetRoot(rootId: RootId): Promise<void>;
  /** Tells the issues of a root that moved about its new place. Runs inside the writer's queue. */
  moveRoot(move: RootMove): Promise<void>;
}

/** Opens the table of issues. @throws library/corrupt */
export async function openIssueTable(database: Database, writer: Writer): Promise<IssueTable> {
  const columns = issueTableDefinition.schema.fields.map((field) => field.name);
  const issues = new Map<string, FileIssue>();
  const keyed = await database.openTable(issueTableDefinition, {
    columns,
    take(batch) {
      const column = toColumns(batch);
      for (let row = 0; row < batch.numRows; row += 1) {
        // A code of another version of this program is no reason to refuse the library: the file is looked at again anyway.
        const issue = fileIssueSchema.safeParse(Object.fromEntries(columns.map((name) => [name, column(name)[row]])));
        if (issue.success) issues.set(issue.data.path, issue.data);
      }
    },
    drop: (file) => void issues.delete(database.keys.path.textAt(file)),
  });

  const forget = async (paths: readonly string[]) => {
    await keyed.remove(paths);
    for (const path of paths) issues.delete(path);
  };

  return {
    keyed,
    forgetRoot: (rootId) => forget([...issues.values()].filter((issue) => issue.rootId === rootId).map((issue) => issue.path)),
    async moveRoot(move) {
      await keyed.rewrite(rowsOfMove(move, { message: messageOfMove(move) }));
      for (const issue of [...issues.values()].filter((each) => each.rootId === move.from.id)) {
        issues.delete(issue.path);
        const path = movedPath(issue.path, move);
        issues.set(path, { ...issue, path, rootId: move.to.id, message: issue.message.replaceAll(move.from.path, move.to.path) });
      }
    },
    store: {
      count: () => issues.size,
      list: (limit) => [...issues.values()].sort((a, b) => (a.path < b.path ? -1 : 1)).slice(0, limit),
      async clear(paths) {
        const known = [...paths].filter((path) => issues.has(path));
        if (known.length > 0) await writer.write(() => forget(known));
      },
      async replaceFor(paths, replacements) {
        const latest = new Map(replacements.map((issue) => [issue.path, issue]));
        const outdated = [...paths].filter((path) => issues.has(path) && !latest.has(path));
        const changed = [...latest.values()].filter(
          (issue) => issues.get(issue.path)?.message !== issue.message || issues.get(issue.path)?.code !== issue.code,
        );
        if (outdated.length === 0 && changed.length === 0) return;
        await writer.write(async () => {
          await keyed.upsert(changed.map(({ path, rootId, code, message }) => ({ path, rootId, code, message })));
          for (const issue of changed) issues.set(issue.path, issue);
          await forget(outdated);
        });
      },
    },
  };
}
