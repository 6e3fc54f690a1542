/**
 * @file `npx tsx tests/bench/character-study.ts`: what a check sees of three planted mistakes. Twenty renderings of one character in ten styles, two in each;
 * in three of them something is wrong (the coat's colour; long fair hair; spiky hair), and the other one of their style, their twin, is right. References
 * are drawn at random from the good ones that are nobody's twin; impostors are the other pictures of the sample library.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AssetId } from "#shared/domain/asset";
import type { CheckResult, CheckVerdict, MeasuredCheck } from "#shared/domain/check";
import { splitCheck } from "#shared/domain/check-split";
import type { MetricName } from "#shared/domain/feature-recipe";
import { defined } from "#shared/lib/assert";
import { createInProcessInference } from "#main/engine/inference/in-process-inference";
import { type Matrix, scoreMatrix } from "#main/engine/services/matrix-service";
import { seededRandom, shuffled } from "#main/platform/seeded-random";

const draws = 300;
const metrics = ["starter-subject", "starter-style", "colour"] as const;
const checks: readonly (readonly MetricName[])[] = [
  ["starter-subject"],
  ["colour"],
  ["starter-subject", "colour"],
  ["starter-subject", "starter-style"],
];
const mistakes = [
  { what: "coat colour", wrong: "mira-05", twin: "mira-15" },
  { what: "long fair hair", wrong: "mira-11", twin: "mira-01" },
  { what: "spiky hair", wrong: "mira-16", twin: "mira-06" },
] as const;
const judged = mistakes.flatMap(({ wrong, twin }) => [wrong, twin]);

type Matrices = Readonly<Record<string, Matrix>>;

async function measure(): Promise<Matrices> {
  const folder = fileURLToPath(new URL("../../resources/sample-library/", import.meta.url));
  const inputs = (await readdir(folder)).filter((name) => name.endsWith(".webp")).map((name) => join(folder, name));
  const service = createInProcessInference({ device: "cpu", threads: null });
  const watch = { signal: new AbortController().signal, onProgress: () => undefined };
  const order = { inputs, checkpoint: null, companions: {}, libraryPath: null, options: {} };
  try {
    const found: [string, Matrix][] = [];
    for (const metric of metrics) found.push([metric, await scoreMatrix(service, { ...order, metric }, watch)]);
    return Object.fromEntries(found);
  } finally {
    await service.dispose();
  }
}

const nameOf = (path: string): string => /([^/\\]+)\.webp$/.exec(path)?.[1] ?? path;
const isCharacter = (name: string): boolean => name.startsWith("mira-");

/** The answer that a check of these pictures would have, cut out of the scores of all pairs. */
function resultOf(matrices: Matrices, names: readonly MetricName[], references: readonly string[]): CheckResult {
  const measures = names.map((metric): MeasuredCheck => {
    const { paths, scores, recipe } = defined(matrices[metric], "all metrics were measured");
    const place = new Map(paths.map((path, index) => [nameOf(path), index]));
    const against = (rows: readonly string[]) =>
      rows.map((row) => references.map((reference) => scores[place.get(row) ?? -1]?.[place.get(reference) ?? -1] ?? null));
    return {
      measure: { metric, area: "whole" },
      question: "instance",
      references: against(references),
      groups: references.map((_, index) => index),
      candidates: against(judged),
      impostors: against([...place.keys()].filter((name) => !isCharacter(name))),
      centroid: null,
      random: [],
      recipe,
      modelName: "",
    };
  });
  const pictureOf = (name: string) => {
    const asset = { id: name as AssetId, name, width: 1, height: 1, format: "webp" as const };
    return { asset: { ...asset, isMissing: false, isMeasured: true, rating: null, flag: null }, path: name, generation: null };
  };
  return {
    references: references.map(pictureOf),
    candidates: judged.map(pictureOf),
    copies: judged.map(() => null),
    impostors: [],
    measures,
    skipped: [],
    device: "cpu",
    milliseconds: 0,
  };
}

interface Tally {
  readonly below: number[];
  readonly verdicts: Record<"wrong" | "right", Record<CheckVerdict, number>>;
}

function study(matrices: Matrices, names: readonly MetricName[], count: number): Tally {
  const none = () => ({ accepted: 0, undecided: 0, rejected: 0 });
  const tally: Tally = { below: mistakes.map(() => 0), verdicts: { wrong: none(), right: none() } };
  const good = defined(matrices[metrics[0]], "it was measured")
    .paths.map(nameOf)
    .filter((name) => isCharacter(name) && !(judged as readonly string[]).includes(name));
  for (let draw = 0; draw < draws; draw += 1) {
    const result = resultOf(matrices, names, shuffled(good, seededRandom(draw + 1), count));
    const { rows } = splitCheck(result, { combine: "mean", cutoffs: names.map(() => null), byHand: new Map() });
    const placeOf = (name: string): number => rows.findIndex(({ candidate }) => judged[candidate] === name);
    for (const [index, { wrong, twin }] of mistakes.entries())
      if (placeOf(wrong) > placeOf(twin)) tally.below[index] = (tally.below[index] ?? 0) + 1;
    for (const { candidate, verdict } of rows) tally.verdicts[candidate % 2 === 0 ? "wrong" : "right"][verdict] += 1;
  }
  return tally;
}

const percent = (part: number, whole: number): string => `${Math.round((100 * part) / whole)}`;

function line(matrices: Matrices, names: readonly MetricName[], count: number): string {
  const { below, verdicts } = study(matrices, names, count);
  const shares = ({ accepted, undecided, rejected }: Record<CheckVerdict, number>) =>
    [accepted, undecided, rejected].map((part) => percent(part, accepted + undecided + rejected)).join(" / ");
  const cells = [
    names.join(" + "),
    String(count),
    ...below.map((times) => percent(times, draws)),
    shares(verdicts.right),
    shares(verdicts.wrong),
  ];
  return `| ${cells.join(" | ")} |`;
}

const matrices = await measure();
const heads = ["measures", "references", ...mistakes.map(({ what }) => what), "good ones", "mistakes"];
console.log([heads, heads.map(() => "---")].map((cells) => `| ${cells.join(" | ")} |`).join("\n"));
for (const names of checks) for (const count of [3, 5, 10, 14]) console.log(line(matrices, names, count));
