/** @file The tables of a library as Arrow schemas, and the way from rows to Arrow batches. */
import type { DataType, Field as ArrowField, Schema as ArrowSchema, Table as ArrowTable } from "./arrow";
import { arrow } from "./arrow";
import type { LibraryKeys } from "./library-keys";

const { Field, FixedSizeList, Float32, Float64, Int32, makeData, RecordBatch, Schema, Struct, Table, Utf8, vectorFromArray } = arrow;

/** A table with one key column. LanceDB does not enforce the key, so the writer does. */
export interface TableDefinition {
  readonly name: string;
  readonly key: keyof LibraryKeys;
  readonly schema: ArrowSchema;
}

export type CellValue = string | number | null | Float32Array;
export type Row = Readonly<Record<string, CellValue>>;

const required = false;
const nullable = true;

/** A picture by its bytes. Width and height are pixels after EXIF rotation. */
export const assetTableDefinition: TableDefinition = {
  name: "assets",
  key: "id",
  schema: new Schema([
    new Field("id", new Utf8(), required),
    new Field("width", new Int32(), required),
    new Field("height", new Int32(), required),
    new Field("format", new Utf8(), required),
  ]),
};

/** A place where bytes lie. `assetId` is null for a file that could not be decoded. */
export const fileTableDefinition: TableDefinition = {
  name: "files",
  key: "path",
  schema: new Schema([
    new Field("path", new Utf8(), required),
    new Field("rootId", new Utf8(), required),
    new Field("assetId", new Utf8(), nullable),
    new Field("sizeBytes", new Float64(), required),
    new Field("mtimeMs", new Float64(), required),
  ]),
};

/** A file that was skipped, with the sentence why. */
export const issueTableDefinition: TableDefinition = {
  name: "issues",
  key: "path",
  schema: new Schema([
    new Field("path", new Utf8(), required),
    new Field("rootId", new Utf8(), required),
    new Field("code", new Utf8(), required),
    new Field("message", new Utf8(), required),
  ]),
};

/** What a picture says about itself. `json` is empty for one that says nothing; `version` is that of the readers. */
export const metadataTableDefinition: TableDefinition = {
  name: "metadata",
  key: "id",
  schema: new Schema([
    new Field("id", new Utf8(), required),
    new Field("version", new Int32(), required),
    new Field("json", new Utf8(), required),
    new Field("palette", new Utf8(), required),
    new Field("phash", new Utf8(), required),
  ]),
};

/** What a person says about a picture, as JSON. */
export const annotationTableDefinition: TableDefinition = {
  name: "annotations",
  key: "id",
  schema: new Schema([new Field("id", new Utf8(), required), new Field("json", new Utf8(), required)]),
};

/** Tables of embeddings are named by their recipe. */
export const embeddingTablePrefix = "vectors_";

/** One vector per asset under one recipe. Float32, so that a score from the index equals the score of the pair. */
export function embeddingTableDefinition(recipeId: string, dimension: number): TableDefinition {
  const vector = new FixedSizeList(dimension, new Field("item", new Float32(), nullable));
  return {
    name: `${embeddingTablePrefix}${recipeId}`,
    key: "id",
    schema: new Schema([new Field("id", new Utf8(), required), new Field("vector", vector, required)]),
  };
}

function columnData(field: ArrowField, rows: readonly Row[]) {
  const type: DataType = field.type;
  if (type instanceof FixedSizeList) {
    const flat = new Float32Array(rows.length * type.listSize);
    rows.forEach((row, index) => flat.set(row[field.name] as Float32Array, index * type.listSize));
    return makeData({
      type,
      length: rows.length,
      nullCount: 0,
      child: makeData({ type: new Float32(), length: flat.length, nullCount: 0, data: flat }),
    });
  }
  const values = rows.map((row) => row[field.name] ?? null);
  if (!(type instanceof Utf8 || type instanceof Float64 || type instanceof Int32))
    throw new Error(`Column ${field.name} has type ${String(type)}, which no table uses`);
  const data = vectorFromArray(values as string[], type).data[0];
  if (data === undefined) throw new Error("A batch needs at least one row");
  return data;
}

/** Packs rows into one Arrow batch in the schema's column order. `rows` is not empty. */
export function toArrowTable(schema: ArrowSchema, rows: readonly Row[]): ArrowTable {
  const children = schema.fields.map((field) => columnData(field, rows));
  const struct = makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children });
  return new Table(schema, [new RecordBatch(schema, struct)]);
}
