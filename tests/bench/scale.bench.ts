/** @file A library of `--rows` pictures: opening it, counting it, searching it, scanning it again and adding to it. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import sharp from "sharp";
import { defined } from "#shared/lib/assert";
import { hashFile } from "#main/data/library/asset-hash";
import { scanFolder } from "#main/data/library/scanner";
import { createEngine, type Engine } from "#main/engine/engine";
import { samplePath } from "#main/engine/services/library-service";
import { median, type BenchOptions, type BenchRow } from "./bench";
import type { SearchFigures } from "./scale/search-process";
import { serveLibrary } from "./scale/served-library";
import { mostFilesOnDisk, writeLibrary, type LibraryPlan } from "./scale/written-library";
import { searchedRecipe } from "./scale/vectors";

const smallRows = 10_000;
/** Pictures a person adds at once. */
const addedFiles = 1_000;
const facetQuestions = 9;
/** Indexing is what it was without the library around it, give or take the machine's own noise. */
const mostGrowth = 1.15;
const manyRows = 1_000_000;

/** Figures at `--rows`, by default 10,000; above 200,000 only those that need no files on disk. */
export async function scaleBench({ rows }: BenchOptions): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "semblance-scale-"));
  try {
    const size = rows ?? smallRows;
    const library = await write(folder, size);
    const results = [...(await startRows(library)), ...(await searchRows(library))];
    if (size > mostFilesOnDisk) return results;
    results.push(await rescanRow(library));
    const sizes = [...new Set([0, smallRows, size])];
    const costs: number[] = [];
    for (const known of sizes) costs.push(await costOfAdding(known === size ? library : await write(folder, known)));
    const [alone = Number.NaN] = costs;
    for (const [index, known] of sizes.entries()) {
      const seconds = defined(costs[index], "one cost a size");
      results.push({
        name: `adding ${addedFiles} files to ${known}, against adding them to none`,
        value: seconds,
        unit: "s",
        target: known === 0 ? null : alone * mostGrowth,
        atMost: true,
        ratio: known === 0 ? null : seconds / alone,
      });
    }
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function write(folder: string, rows: number): Promise<LibraryPlan> {
  const plan: LibraryPlan = { libraryPath: join(folder, `library-${rows}`), rootPath: join(folder, `pictures-${rows}`), rows };
  const start = performance.now();
  await writeLibrary(plan, (done) => process.stderr.write(`  written ${done} of ${rows}\r`));
  process.stderr.write(`  written ${rows} rows in ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
  return plan;
}

/** What a person waits for between the start and the first grid, and for the numbers beside it. */
async function startRows({ libraryPath, rows }: LibraryPlan): Promise<readonly BenchRow[]> {
  const served = await serveLibrary(libraryPath);
  try {
    const page = { folder: null, text: null, where: null, sort: "newest" as const, offset: 0, limit: 200 };
    await served.client.assets.page(page);
    const firstGridMs = served.elapsedMs();
    const facets: number[] = [];
    for (let question = 0; question < facetQuestions; question += 1) {
      const start = performance.now();
      // Another filter each time: the same one would be answered from memory.
      await served.client.assets.facets({ folder: null, text: String(question), where: question % 2 === 0 ? null : "steps = 28" });
      facets.push(performance.now() - start);
    }
    return [
      {
        name: `${rows} pictures: start of the program to the first grid`,
        value: firstGridMs,
        unit: "ms",
        target: rows < manyRows ? 3000 : null,
        atMost: true,
        ratio: null,
      },
      {
        name: `${rows} pictures: facets of a filter, first time`,
        value: median(facets),
        unit: "ms",
        target: rows < manyRows ? 150 : null,
        atMost: true,
        ratio: null,
      },
    ];
  } finally {
    await served.stop();
  }
}

async function searchRows({ libraryPath, rows }: LibraryPlan): Promise<readonly BenchRow[]> {
  const script = fileURLToPath(new URL("scale/search-process.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", script, libraryPath]);
  const { openMs, residentMiB, searches } = JSON.parse(stdout) as SearchFigures;
  const flat = defined(searches["flat scan"], "it was measured").p95;
  const isLarge = rows >= manyRows;
  const targets: Readonly<Record<string, number>> = isLarge ? { "stage 1": 50 } : { "stage 1": 30, "1 % filter": 60 };
  const times = Object.entries(searches).map(([name, { p95 }]): BenchRow => ({
    name: `${rows} x ${searchedRecipe.dimension}: ${name}, p95, against the flat scan`,
    value: p95,
    unit: "ms",
    target: targets[name] ?? null,
    atMost: true,
    ratio: flat / p95,
  }));
  const recalls = Object.entries(searches).flatMap(([name, { recall }]): BenchRow[] =>
    recall === null
      ? []
      : [{ name: `${rows} x ${searchedRecipe.dimension}: ${name}, recall@20`, value: recall, unit: "", target: 0.95, ratio: null }],
  );
  return [
    { name: `${rows} pictures: opening the store`, value: openMs, unit: "ms", target: null, ratio: null },
    ...times,
    ...recalls,
    {
      name: `${rows} pictures: resident after 100 searches`,
      value: residentMiB,
      unit: "MiB",
      target: isLarge ? 1024 : null,
      atMost: true,
      ratio: null,
    },
  ];
}

/** A run over folders in which nothing changed, against looking into every file. */
async function rescanRow({ libraryPath, rootPath, rows }: LibraryPlan): Promise<BenchRow> {
  const engine = await createEngine({ libraryPath, offline: true, inference: "in-process" });
  try {
    const warm = performance.now();
    await finishIndexing(engine);
    const seconds = (performance.now() - warm) / 1000;
    const cold = performance.now();
    for await (const entry of scanFolder(rootPath)) if (entry.kind === "image-candidate") await hashFile(entry.path);
    const coldSeconds = (performance.now() - cold) / 1000;
    return {
      name: `${rows} files: scan with nothing changed, against reading them all`,
      value: seconds,
      unit: "s",
      target: 15,
      atMost: true,
      ratio: coldSeconds / seconds,
    };
  } finally {
    await engine.dispose();
  }
}

/** Seconds until new pictures are searchable, from the moment they are there. */
async function costOfAdding({ libraryPath, rootPath }: LibraryPlan): Promise<number> {
  await drawPictures(join(rootPath, "added"));
  const engine = await createEngine({ libraryPath, offline: true, inference: "in-process" });
  try {
    const start = performance.now();
    await finishIndexing(engine);
    return (performance.now() - start) / 1000;
  } finally {
    await engine.dispose();
  }
}

/** Pictures of the sample library, each turned and tinted in another way. */
async function drawPictures(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(samplePath())).filter((name) => name.endsWith(".webp"));
  for (let index = 0; index < addedFiles; index += 1) {
    const source = join(samplePath(), defined(names[index % names.length], "a sample"));
    const hue = (index * 37) % 360;
    const picture = sharp(source)
      .resize(256, 256, { fit: "fill" })
      .modulate({ hue, saturation: 0.7 + (index % 5) * 0.15 });
    await writeFile(join(folder, `${index}.jpg`), await (index % 2 === 0 ? picture : picture.flop()).jpeg().toBuffer());
  }
}

async function finishIndexing(engine: Engine): Promise<void> {
  const { id } = engine.indexing.start(null);
  const { error, state } = await engine.jobs.finished(id);
  if (error !== null || state !== "done") throw new Error(error?.message ?? `The run ended as ${state}`);
}
