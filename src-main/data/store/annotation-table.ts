/** @file What people say about pictures, by their content. A row outlives its picture: a file that comes back finds its tags again. */
import { annotationSchema, changedAnnotation, emptyAnnotation, tagKey, type Annotation } from "#shared/domain/annotation";
import type { AssetAnnotation, AssetId } from "#shared/domain/asset";
import type { Database } from "./database";
import { toColumns } from "./database";
import type { KeyedTable } from "./keyed-table";
import { annotationTableDefinition } from "./schema";
import type { AnnotationStore } from "./store-types";
import type { Writer } from "./writer";

export interface AnnotationTable {
  /** null in a read-only library where nobody said anything yet. */
  readonly keyed: KeyedTable | null;
  readonly store: AnnotationStore;
}

export interface AnnotationTableOptions {
  readonly database: Database;
  readonly writer: Writer;
  /** Told after a change is on disk. */
  readonly onChange: (ids: readonly AssetId[]) => void;
}

/** Opens the table, which a library of an earlier version lacks: it is then made, or read as empty where nothing may be written. @throws library/corrupt */
export async function openAnnotationTable({ database, writer, onChange }: AnnotationTableOptions): Promise<AnnotationTable> {
  const { name, schema } = annotationTableDefinition;
  const annotations = new Map<AssetId, Annotation>();
  if (!database.isReadOnly) await database.ensureTable(annotationTableDefinition);
  else if (!(await database.tableNames()).includes(name))
    return { keyed: null, store: createStore(annotations, null, { writer, onChange }) };
  const keyed = await database.openTable(annotationTableDefinition, {
    columns: schema.fields.map((field) => field.name),
    take(batch) {
      const column = toColumns(batch);
      const texts = column("json");
      for (const [row, id] of column("id").entries()) {
        const annotation = readAnnotation(String(texts[row]));
        if (annotation !== null) annotations.set(id as AssetId, annotation);
      }
    },
    drop: (asset) => void annotations.delete(database.keys.id.textAt(asset)),
  });
  return { keyed, store: createStore(annotations, keyed, { writer, onChange }) };
}

/** null for what another version of this program wrote and this one does not know; it stays on disk. */
function readAnnotation(text: string): Annotation | null {
  try {
    return annotationSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function createStore(
  annotations: Map<AssetId, Annotation>,
  keyed: KeyedTable | null,
  { writer, onChange }: Pick<AnnotationTableOptions, "writer" | "onChange">,
): AnnotationStore {
  const get = (id: AssetId): Annotation => annotations.get(id) ?? emptyAnnotation;

  /** Runs inside the writer's queue. */
  async function write(batch: readonly AssetAnnotation[]): Promise<void> {
    const latest = new Map(batch.map(({ assetId, annotation }) => [assetId, annotation]));
    const rows = [...latest].filter(([, annotation]) => !isEmpty(annotation));
    const emptied = [...latest].filter(([, annotation]) => isEmpty(annotation)).map(([id]) => id);
    await keyed?.upsert(rows.map(([id, { tags, rating, flag }]) => ({ id, json: JSON.stringify({ tags, rating, flag }) })));
    for (const [id, annotation] of rows) annotations.set(id, annotation);
    await keyed?.remove(emptied);
    for (const id of emptied) annotations.delete(id);
    onChange([...latest.keys()]);
  }

  return {
    get,
    entries: () => annotations.entries(),
    put: (batch) => writer.write(() => write(batch)),
    change: (ids, change) =>
      writer.write(async () => {
        const previous = [...new Set(ids)].map((assetId) => ({ assetId, annotation: get(assetId) }));
        await write(previous.map(({ assetId, annotation }) => ({ assetId, annotation: changedAnnotation(annotation, change) })));
        return previous;
      }),
  };
}

function isEmpty({ tags, rating, flag }: Annotation): boolean {
  return tags.length === 0 && rating === null && flag === null;
}

/** How often each tag occurs, by name; of several spellings the most frequent one is shown. */
export function countTags(annotations: Iterable<Annotation>): { tag: string; count: number }[] {
  const spellings = new Map<string, Map<string, number>>();
  for (const { tags } of annotations)
    for (const tag of tags) {
      const counts = spellings.get(tagKey(tag)) ?? new Map<string, number>();
      counts.set(tag, (counts.get(tag) ?? 0) + 1);
      spellings.set(tagKey(tag), counts);
    }
  const keyed = [...spellings].sort(([a], [b]) => (a < b ? -1 : 1));
  return keyed.map(([, counts]) => {
    const [tag] = [...counts].reduce((best, other) => (other[1] > best[1] ? other : best));
    return { tag, count: [...counts.values()].reduce((sum, count) => sum + count, 0) };
  });
}
