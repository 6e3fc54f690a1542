/** @file The command line under hard use: results nobody reads, places that cannot be written, batches with a bad line, odd names. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { watchStreams } from "#main/apps/cli/output/broken-streams";
import { printable, table } from "#main/apps/cli/output/table";
import { createEngine } from "#main/engine/engine";
import { ensureBuilt } from "../../build/scripts/ensure-built.mjs";
import { cli, startCli } from "../support/cli";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const photos = join(scratch, "photos");
const library = join(scratch, "library");
const root = fileURLToPath(new URL("../../", import.meta.url));
const p = (seed: number): string => join(photos, `p${seed}.png`);

interface ErrorDocument {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
}

beforeAll(async () => {
  await mkdir(photos);
  for (let seed = 0; seed < 4; seed += 1) await writePicture(p(seed), seed);
});

describe("results", () => {
  test("a reader that goes away ends the program without a word", async () => {
    ensureBuilt();
    const pairs = join(scratch, "many.jsonl");
    await writeFile(pairs, `${JSON.stringify({ a: p(0), b: p(1) })}\n`.repeat(200));
    const child = spawn(process.execPath, [join(root, "out/main/cli.js"), "compare", "--pairs", pairs], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let told = "";
    child.stderr.on("data", (text: Buffer) => (told += text.toString()));
    child.stdout.once("data", () => child.stdout.destroy());
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(told).toBe("");
  });

  test("a full disk behind stdout is told as one", () => {
    const listeners: ((error: NodeJS.ErrnoException) => void)[] = [];
    let told = "";
    let code: number | null = null;
    watchStreams({
      stdout: { on: (_event, listener) => listeners.push(listener) },
      stderr: { on: () => undefined, write: (text) => (told += text) },
      exit: (status) => (code = status),
    });
    listeners[0]?.(Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" }));
    expect(told).toMatch(/^The disk that holds the output is full\.\n/);
    expect(code).toBe(3);
  });

  test.runIf(existsSync("/dev/full"))("also when the results are few", async () => {
    ensureBuilt();
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [join(root, "out/main/cli.js"), "models", "list", "--library", library], {
      stdio: ["ignore", full, "pipe"],
    });
    let told = "";
    child.stderr?.on("data", (text: Buffer) => (told += text.toString()));
    expect(await once(child, "exit")).toEqual([3, null]);
    closeSync(full);
    expect(told).toMatch(/^The disk that holds the output is full\.\n/);
  });

  test("names that would break a line or steer the terminal are written out", () => {
    expect(printable("a\nb\u001b[31m")).toBe("a\\nb\\x1b[31m");
    expect(table(["n", "missing"], [["x\ny", "-"]])).toBe("n     missing\nx\\ny  -");
    expect(table(["score"], [["n/a"], ["0.5"]])).toBe("score\n  n/a\n  0.5");
  });
});

describe("files to write", () => {
  const out = (name: string): string => join(scratch, name);

  test.each([
    ["a folder", scratch, /is a folder, and the result is one file\.$/],
    ["a folder that is not there", out("nowhere/x"), /^There is no folder .*nowhere to write into\.$/],
    ["a file instead of a folder", join(p(0), "x"), /^There is no folder .*p0\.png to write into\.$/],
  ])("%s is refused before any work", async (_what, path, message) => {
    const as = (extension: string): string => (path === scratch ? path : `${path}${extension}`);
    for (const args of [
      ["heatmap", p(0), p(1), "--out", as(".png")],
      ["features", p(0), "--tap", "embedding", "--out", as(".safetensors")],
      ["compare", p(0), p(1), "--save-tensors", as(".safetensors")],
    ]) {
      const run = await cli(...args, "--json");
      expect(run.exitCode).toBe(2);
      expect(run.json<ErrorDocument>().error).toMatchObject({
        code: "usage/invalid",
        message: expect.stringMatching(message) as string,
        hint: expect.stringMatching(/./) as string,
      });
    }
  });

  test("a heat map is a PNG and is called so", async () => {
    const run = await cli("heatmap", p(0), p(1), "--out", out("x.jpg"), "--json");
    expect(run.json<ErrorDocument>().error.message).toMatch(/x\.jpg does not end in \.png\.$/);
    expect(await readdir(scratch)).not.toContain("x.jpg");
  });

  test("a point is counted in the whole picture, also with a crop", async () => {
    const point = async (...args: readonly string[]): Promise<number | undefined> => {
      const run = await cli("heatmap", p(0), p(1), ...args, "--out", out("at.png"), "--data", out("at.json"), "--json");
      if (run.exitCode !== 0) return undefined;
      return (JSON.parse(await readFile(out("at.json"), "utf8")) as { at: { token: number } }).at.token;
    };
    expect(await point("--crop", "20,20,40,40", "--at", "21,21")).toBe(0);
    expect(await point("--crop", "20,20,40,40", "--at", "19,21")).toBeUndefined();
  });
});

describe("batches", () => {
  test("a pair that cannot be compared has a line that says why, and the rest goes on", async () => {
    const pairs = join(scratch, "pairs.jsonl");
    await writeFile(
      pairs,
      [
        { a: p(0), b: p(1) },
        { a: p(0), b: "gone.png" },
        { a: p(1), b: p(2) },
      ]
        .map((pair) => JSON.stringify(pair))
        .join("\n"),
    );
    const run = await cli("compare", "--pairs", pairs);
    expect(run.exitCode).toBe(3);
    const [first, second, third] = run.jsonLines<{ score?: number; b?: string; error?: { code: string } }>();
    expect([first?.score, third?.score]).toEqual([expect.any(Number), expect.any(Number)]);
    expect(second).toMatchObject({ b: join(scratch, "gone.png"), error: { code: "image/unreadable" } });
    expect(run.err).toBe("1 of 3 pairs could not be compared; their lines say why.\n");
  });

  test("an empty batch is told", async () => {
    const pairs = join(scratch, "empty.jsonl");
    await writeFile(pairs, "\n");
    expect(await cli("compare", "--pairs", pairs)).toMatchObject({ exitCode: 0, out: "", err: `${pairs} holds no pairs.\n` });
  });
});

describe("folders of the library", () => {
  test("adding twice is no mistake, in one line or in two", async () => {
    expect((await cli("index", "add", photos, `${photos}/`, "--library", library)).out).toMatch(/^Added .*photos\nRun/);
    const again = await cli("index", "add", photos, "--library", library);
    expect(again).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^Already in the library: .*photos\n/) as string });
    expect((await cli("index", "list", "--library", library, "--json")).json()).toHaveLength(1);
  });

  test("an empty path is not the current folder", async () => {
    for (const args of [
      ["index", "add", "", "--library", library],
      ["index", "list", "--library", ""],
    ]) {
      const run = await cli(...args, "--json");
      expect(run.exitCode).toBe(2);
      expect(run.json<ErrorDocument>().error.message).toMatch(/ is empty\.$/);
    }
  });

  test("a library without pictures says how to begin", async () => {
    expect((await cli("index", "run", "--library", join(scratch, "fresh"))).out).toMatch(/holds no pictures yet; add a folder/);
  });
});

describe("commands that are none", () => {
  test.each([
    [["fnd"], "Unknown command 'fnd'.", /^Did you mean find\?/],
    [["index", "rnu"], "Unknown command 'rnu'.", /^Did you mean run\?.*`semblance index --help`/],
    [["index"], "`semblance index` needs the name of what to do.", /`semblance index --help` lists/],
    [["find", "--bogus"], "Unknown option '--bogus'.", /`semblance find --help` shows/],
  ])("%j", async (args, message, hint) => {
    const run = await cli(...args, "--json");
    expect(run.exitCode).toBe(2);
    expect(run.json<ErrorDocument>().error).toEqual({ code: "usage/invalid", message, hint: expect.stringMatching(hint) as string });
  });

  test("none at all is help", async () => {
    expect(await cli()).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^Usage: semblance /) as string });
  });
});

describe("what is told", () => {
  test("a damaged picture from outside is called as it was given, one that is not there is not there", async () => {
    await cli("index", "run", "--library", library, "--quiet");
    const whole = await readFile(p(3));
    const cut = join(scratch, "cut.png");
    await writeFile(cut, whole.subarray(0, Math.floor(whole.length / 2)));
    const damaged = await cli("find", cut, "--library", library, "--json");
    expect(damaged.json<ErrorDocument>().error.message).toMatch(new RegExp(`^${cut} cannot be decoded: `));
    const gone = await cli("find", join(scratch, "gone.png"), "--library", library, "--json");
    expect(gone.json<ErrorDocument>().error.message).toBe(`${join(scratch, "gone.png")} does not exist.`);
    const elsewhere = await cli("find", p(0), "--where", `folder="${scratch}/nowhere"`, "--library", library);
    expect(elsewhere.out).toBe(`No measured picture of the library lies in ${scratch}/nowhere.\n`);
  });

  test("status: files that are skipped are named once, and how the last run ended", async () => {
    await writeFile(join(photos, "drawing.svg"), "<svg/>");
    await writeFile(join(photos, "empty.png"), "");
    await cli("index", "run", "--library", library, "--quiet");
    const { out } = await cli("index", "status", "--library", library);
    expect(out).toMatch(/^ {2}\S+drawing\.svg is in the SVG format, which Semblance does not read; .*\n {2}\S+empty\.png is empty\.$/m);
    expect(out).toMatch(/^Last run: done, \d of \d$/m);
  });

  test("a library that is a file is told also by commands that only look", async () => {
    for (const args of [["index", "status"], ["index", "list"], ["models", "list"], ["find", p(0)], ["demo"]]) {
      const run = await cli(...args, "--library", p(0), "--json");
      expect(run.exitCode).toBe(2);
      expect(run.json<ErrorDocument>().error.message).toBe(`${p(0)} is a file; a library is a folder.`);
    }
  });

  test("places of models that are none", async () => {
    expect((await cli("models", "scan", join(scratch, "nowhere"), "--library", library)).err).toMatch(/nowhere does not exist\.\n/);
    expect((await cli("models", "scan", p(0), "--library", library)).err).toMatch(/p0\.png is a file, not a folder\.\n/);
  });

  test("serve: a port that is none, a port in use", async () => {
    const port = await cli("serve", "--port", "99999", "--json");
    expect(port).toMatchObject({ exitCode: 2, out: expect.stringContaining("65535") as string });
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port: number } = taken.address() as AddressInfo;
    const child = startCli("serve", "--port", String(number), "--library", join(scratch, "served"), "--json");
    let out = "";
    child.stdout?.on("data", (text: Buffer) => (out += text.toString()));
    expect(await once(child, "exit")).toEqual([3, null]);
    expect((JSON.parse(out) as ErrorDocument).error).toMatchObject({ code: "host/port-in-use" });
    taken.close();
  });
});

test("the sample library is found anew when the program was moved", async () => {
  const engine = await createEngine({ libraryPath: join(scratch, "moved"), inference: "in-process" });
  try {
    await engine.store.roots.add(photos, { isSample: true });
    const [sample] = await engine.library.addSample();
    expect((await engine.store.roots.list()).map((known) => known.path)).toEqual([sample?.path]);
    expect(sample?.path).toMatch(/sample-library$/);
    expect(await engine.library.addSample()).toMatchObject([{ id: sample?.id }]);
  } finally {
    await engine.dispose();
  }
});
