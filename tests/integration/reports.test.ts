/** @file What is written of a check: pages that need nothing else, tables, documents, sheets, and the files of a split, by the command line and over the contract. */
import { copyFile, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Window } from "happy-dom";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { parseCsv } from "#main/data/datasets/csv";
import { createEngine } from "#main/engine/engine";
import type { AssetId } from "#shared/domain/asset";
import { cli, type CliRun, type ErrorDocument } from "../support/cli";
import { connect } from "../support/engine-client";
import { writeLoraTest } from "../support/generated-pictures";
import { scratchFolder } from "../support/scratch-folder";

const sample = fileURLToPath(new URL("../../resources/sample-library/", import.meta.url));
const scratch = scratchFolder();
const library = join(scratch, "library");
const others = join(scratch, "others");
const references = join(scratch, "references");
const output = join(scratch, "output");
const written = join(scratch, "written");
/** Where systems allow it, a name that is markup. */
const hostile = process.platform === "win32" ? "fox & 'friends'.webp" : `<img src=x onerror="alert(1)">&amp;.webp`;
const title = `Mira <script>alert("1")</script> & friends`;

interface CheckDocument {
  readonly title: string;
  readonly program: string;
  readonly candidates: readonly {
    readonly path: string;
    readonly score: number;
    readonly verdict: string;
    readonly scores: readonly unknown[];
  }[];
  readonly blindSpots: readonly string[];
  readonly files?: readonly { readonly steps: readonly { readonly from: string }[]; readonly isDone: boolean }[];
}

const check = (...args: readonly string[]): Promise<CliRun> =>
  cli(
    "check",
    "--library",
    library,
    "--references",
    references,
    "--candidates",
    output,
    "--metric",
    "colour",
    "--threshold",
    "0.6,0.7",
    ...args,
  );

let run: CliRun;
let document: CheckDocument;
let html: string;
let page: Window["document"];

beforeAll(async () => {
  for (const folder of [others, references, written]) await mkdir(folder);
  const names = (await readdir(sample)).filter((name) => name.endsWith(".webp") && !name.startsWith("mira"));
  for (const name of names.slice(40, 60)) await copyFile(join(sample, name), join(others, name));
  for (const number of [1, 2, 3, 4]) await copyFile(join(sample, `mira-0${number}.webp`), join(references, `mira-0${number}.webp`));
  await writeLoraTest(output, sample);
  await copyFile(join(sample, names[90] ?? ""), join(output, hostile));
  await cli("index", "add", others, "--library", library);
  const at = (name: string): string => join(written, name);
  run = await check(
    "--title",
    title,
    "--report",
    at("r.html"),
    "--csv",
    at("r.csv"),
    "--json-out",
    at("r.json"),
    "--sheet",
    at("r.png"),
    "--list-accepted",
    at("accepted.txt"),
  );
  html = await readFile(at("r.html"), "utf8");
  document = JSON.parse(await readFile(at("r.json"), "utf8")) as CheckDocument;
  const window = new Window({ settings: { disableJavaScriptEvaluation: true, disableCSSFileLoading: true } });
  window.document.write(html);
  page = window.document;
});

describe("the page", () => {
  test("loads nothing and runs nothing", () => {
    expect(run.exitCode).toBe(1);
    expect(html).not.toMatch(/\b(?:src|href|url\()\s*=?\s*["']?(?:https?:|\/\/|file:)/i);
    expect(page.querySelectorAll("script, link, iframe, object, embed, form, base, [onerror], [onload], [onclick]")).toHaveLength(0);
    expect(html).toContain("default-src 'none'");
    for (const picture of page.querySelectorAll("img")) expect(picture.getAttribute("src")).toMatch(/^data:image\/(?:webp|png);base64,/);
  });

  test("shows every candidate with its verdict and score, names as they are", () => {
    const [candidates] = page.querySelectorAll("table");
    const rows = [...(candidates?.querySelectorAll("tbody tr") ?? [])];
    expect(rows).toHaveLength(16);
    for (const { path, verdict, score } of document.candidates) {
      const row = rows.find((each) => each.querySelector("bdi")?.textContent === path.slice(output.length + 1));
      expect(row?.textContent.toLowerCase()).toContain(verdict);
      expect(row?.textContent).toContain(score.toFixed(3));
      expect(row?.querySelector("img")).not.toBeNull();
    }
    expect(page.querySelector("h1")?.textContent).toBe(title);
    expect(page.title).toBe(title);
  });

  test("tells the cuts, what cannot be seen, the generation data and the recipe in words", () => {
    const words = page.body.textContent.replaceAll(/\s+/g, " ");
    expect(words).toContain("By LoRA weight of mira");
    expect(words).toMatch(/Accepted from 0\.\d{3}, rejected below/);
    expect(words).toMatch(/Recipe of colour, whole picture/);
    expect(words).toContain(document.program);
    for (const drawing of page.querySelectorAll("svg[role=img]")) expect(drawing.getAttribute("aria-label")).toMatch(/\w{4}/);
    for (const table of page.querySelectorAll("table")) expect(table.querySelectorAll("thead th[scope=col]").length).toBeGreaterThan(1);
    // Where a person keeps files is not for others.
    expect(html).not.toContain(scratch);
  });
});

test("the table, the document and the list say the same", async () => {
  const { columns, rows } = parseCsv(await readFile(join(written, "r.csv"), "utf8"));
  expect(columns).toEqual([
    "file",
    "asset",
    "verdict",
    "by hand",
    "colour",
    "colour: impostors below",
    "colour: random pairs below",
    "nearest reference",
    "near copy",
    ...[1, 2, 3, 4].map((place) => `colour: reference ${place}`),
  ]);
  expect(rows.map(({ fields }) => [fields.get("file"), fields.get("verdict"), Number(fields.get("colour"))])).toEqual(
    document.candidates.map(({ path, verdict, score }) => [path, verdict, score]),
  );
  const accepted = document.candidates.filter(({ verdict }) => verdict === "accepted").map(({ path }) => path);
  expect(accepted.length).toBeGreaterThan(0);
  expect((await readFile(join(written, "accepted.txt"), "utf8")).split("\n")).toEqual([...accepted, ""]);
  expect(document).toMatchObject({ title, blindSpots: [] });
});

test("the sheet is a picture with all candidates on it", async () => {
  const { format, width, height } = await sharp(join(written, "r.png")).metadata();
  expect([format, width]).toEqual(["png", 1312]);
  expect(height).toBeGreaterThan(700);
});

describe("the files of a split", () => {
  test("are listed before they are moved, copied without --yes, and both are taken back", async () => {
    const before = (await readdir(output)).sort();
    const [picked, out] = [join(scratch, "picked"), join(scratch, "out")];
    const listed = await check("--move-rejected", out);
    expect(listed.out).toMatch(/Would move \d+ files? to .*\n {2}.*[\s\S]*Nothing was moved yet: add --yes\./);
    expect((await readdir(output)).sort()).toEqual(before);
    const done = (await check("--copy-accepted", picked, "--move-rejected", out, "--yes", "--json")).json<CheckDocument>();
    const [copied, moved] = done.files ?? [];
    expect(await readdir(picked)).toHaveLength(copied?.steps.length ?? 0);
    expect(await readdir(out)).toHaveLength(moved?.steps.length ?? 0);
    expect(await readdir(output)).toHaveLength(before.length - (moved?.steps.length ?? 0));
    expect((await cli("check", "undo", "--library", library)).out).toMatch(/^Moved \d+ files? back from /);
    expect((await cli("check", "undo", "--library", library, "--json")).json()).toMatchObject({ kind: "copy", left: [] });
    expect((await readdir(output)).sort()).toEqual(before);
    expect((await readdir(scratch)).sort()).toEqual(["library", "others", "output", "references", "written"]);
    const nothing = await cli("check", "undo", "--library", library, "--json");
    expect([nothing.exitCode, nothing.json<ErrorDocument>().error.message]).toEqual([2, "There is nothing to take back."]);
  });

  test.each([
    ["a report in a folder that is not there", ["--report", join(scratch, "nowhere", "r.html")]],
    ["a report of another kind", ["--report", join(scratch, "r.pdf")]],
    ["files of a watched folder", ["--watch", "--copy-accepted", join(scratch, "picked")]],
    ["no references", ["--references"]],
  ])("%s is refused before anything is measured", async (_, args) => {
    const { exitCode, err } = await check(...args);
    expect(exitCode).toBe(2);
    expect(err).not.toContain("pictures");
  });
});

test("a view gets the same, by verdicts of the library, and keeps to the cuts it sets", async () => {
  const engine = await createEngine({ libraryPath: library, inference: "in-process" });
  const client = connect(engine);
  const assetIds: AssetId[] = [];
  for (const { path } of document.candidates) assetIds.push(await engine.pictures.addFile(path));
  const kept = await engine.pictures.addFile(join(others, (await readdir(others))[0] ?? ""));
  const reference = await engine.pictures.addFile(join(references, "mira-01.webp"));
  await client.checks.verdicts.set({ references: [reference], assetIds: [kept], verdict: "accepted", measures: [] });
  const report = await client.checks.report({
    query: {
      references: [reference],
      candidates: { kind: "assets", assetIds: [...assetIds, kept] },
      measures: [{ metric: "colour", area: "whole" }],
    },
    combine: "max",
    cutoffs: [{ accept: 2, reject: 2 }],
    title: "Weights, 2nd try",
    format: "json",
  });
  expect(report).toMatchObject({ contentType: "application/json", encoding: "utf8" });
  expect(report.name).toMatch(/^weights-2nd-try-\d{4}-\d\d-\d\d\.json$/);
  expect(JSON.parse(report.content)).toMatchObject({ counts: { accepted: 1, undecided: 0, rejected: 16 }, combine: "max" });
  await engine.dispose();
});
