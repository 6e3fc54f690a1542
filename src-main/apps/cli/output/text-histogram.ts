/** @file Distributions under one another, one line each, on a common scale. */

const bars = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;
const width = 56;

export interface HistogramLine {
  readonly label: string;
  readonly values: readonly number[];
}

/** Values that are marked below the distributions, with a letter each. */
export interface HistogramMark {
  readonly letter: string;
  readonly value: number;
}

/** Each line is as high as its own highest place, because the numbers of values differ; then the marks and the ends of the scale. Empty where there is no value. */
export function textHistogram(lines: readonly HistogramLine[], marks: readonly HistogramMark[]): string {
  const all = [...lines.flatMap(({ values }) => values), ...marks.map(({ value }) => value)];
  if (all.length === 0) return "";
  // One by one: there may be more values than a call has room for.
  const low = all.reduce((least, value) => Math.min(least, value));
  const high = all.reduce((most, value) => Math.max(most, value));
  const placeOf = (value: number): number => (high === low ? 0 : Math.min(width - 1, Math.floor(((value - low) / (high - low)) * width)));
  const indent = Math.max(0, ...lines.map(({ label }) => label.length)) + 2;
  const drawn = lines.map(({ label, values }) => `${label.padEnd(indent)}${lineOf(values.map(placeOf))}`.trimEnd());
  const marked = Array.from({ length: width }, () => " ");
  for (const { letter, value } of marks) marked[placeOf(value)] = letter;
  const scale = `${low.toFixed(2)}${high.toFixed(2).padStart(width - low.toFixed(2).length)}`;
  return [...drawn, `${" ".repeat(indent)}${marked.join("")}`.trimEnd(), `${" ".repeat(indent)}${scale}`].join("\n");
}

function lineOf(places: readonly number[]): string {
  const counts = Array.from({ length: width }, () => 0);
  for (const place of places) counts[place] = (counts[place] ?? 0) + 1;
  const most = Math.max(...counts);
  // What is there at all is seen.
  return counts.map((count) => bars[Math.ceil((count / Math.max(1, most)) * (bars.length - 1))] ?? " ").join("");
}
