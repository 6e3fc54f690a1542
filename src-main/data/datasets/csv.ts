/** @file Comma-separated values with a heading, as spreadsheets and Python's csv module write them (RFC 4180). */

/** One row by the names of its columns; `line` counts from 1, the heading being the first. */
export interface CsvRow {
  readonly line: number;
  readonly fields: ReadonlyMap<string, string>;
}

export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
}

/** Parses text; fields in quotes may hold commas, line breaks and doubled quotes. Empty lines are left out. */
export function parseCsv(text: string): CsvTable {
  const [heading, ...records] = csvRecords(text.replace(/^\uFEFF/, ""));
  const columns = (heading?.cells ?? []).map((name) => name.trim());
  const rows = records.map(({ line, cells }) => ({
    line,
    fields: new Map(columns.map((name, index) => [name, cells[index] ?? ""])),
  }));
  return { columns, rows };
}

/** Writes rows of cells, the heading first; a cell with a comma, a quote or a line break is quoted. */
export function formatCsv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(cell: string | number): string {
  const text = String(cell);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A quoted or bare field and what ends it: a comma, the end of the line, or of the text. */
const field = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|\r|$)/y;

function csvRecords(text: string): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  let line = 1;
  let firstLine = 1;
  field.lastIndex = 0;
  while (field.lastIndex < text.length) {
    const found = field.exec(text);
    // A quote that is never closed, or text after one: the rest is one field, so that the reader can say which line is wrong.
    const [all, quoted, bare, end] = found ?? [text.slice(field.lastIndex), undefined, text.slice(field.lastIndex), ""];
    if (found === null) field.lastIndex = text.length;
    cells.push(quoted?.replaceAll('""', '"') ?? bare ?? "");
    line += all.split(/\r\n|\r|\n/).length - 1;
    const isLast = field.lastIndex >= text.length && end === ",";
    if (isLast) cells.push("");
    if (end === "," && !isLast) continue;
    if (cells.length > 1 || cells[0] !== "") records.push({ line: firstLine, cells });
    cells = [];
    firstLine = line;
  }
  return records;
}
