import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { scratchFolder } from "../../tests/support/scratch-folder";
import { writeFileAtomic } from "./atomic-file";
import { toDiskError } from "./disk-error";
import { openLogger } from "./logger";
import { memoizePromise } from "./memoize-promise";
import { defaultCachePath, defaultLibraryPath } from "./paths";
import { processStart } from "./process-start";
import { recipeIdOf } from "./recipe-id";
import { openSettings } from "./settings";

describe("memoizePromise", () => {
  test("loads once per key, forgets failures", async () => {
    const calls: string[] = [];
    let isBroken = true;
    const load = memoizePromise(async (key: string) => {
      calls.push(key);
      if (isBroken) throw new Error("not now");
      return key.toUpperCase();
    });
    await expect(Promise.all([load("a"), load("a")])).rejects.toThrow("not now");
    isBroken = false;
    expect(await Promise.all([load("a"), load("a"), load("b")])).toEqual(["A", "A", "B"]);
    expect(calls).toEqual(["a", "a", "b"]);
    load.forget("a");
    await load("a");
    expect(calls).toEqual(["a", "a", "b", "a"]);
  });
});

describe("atomic files", () => {
  test("are replaced whole, and nothing is left behind", async () => {
    const path = join(scratchFolder(), "a", "b.json");
    await writeFileAtomic(path, "one");
    await writeFileAtomic(path, "two", { isDurable: true });
    expect(readFileSync(path, "utf8")).toBe("two");
    expect(readdirSync(join(path, ".."))).toEqual(["b.json"]);
  });

  test.each([
    ["ENOSPC", "disk/full"],
    ["EROFS", "disk/read-only"],
    ["EACCES", "disk/read-only"],
    ["EIO", "disk/failed"],
  ])("%s leaves the old file and says %s", async (code, expected) => {
    const folder = scratchFolder();
    const path = join(folder, "b.json");
    await writeFileAtomic(path, "old");
    const fileWriter = {
      write: async (target: string) => {
        writeFileSync(target, "ha");
        throw Object.assign(new Error(`${code}: it failed`), { code });
      },
    };
    await expect(writeFileAtomic(path, "new", { fileWriter })).rejects.toMatchObject({
      code: expected,
      message: expect.stringContaining(path),
      hint: expect.any(String),
    });
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["b.json"]);
  });

  test("the words of a native library are understood too", () => {
    expect(toDiskError(new Error("LanceError(IO): No space left on device (os error 28)"), "/x").code).toBe("disk/full");
    expect(toDiskError(new Error("outer", { cause: new Error("Read-only file system (os error 30)") }), "/x").code).toBe("disk/read-only");
    expect(toDiskError(new Error("something else"), "/x").code).toBe("disk/failed");
  });
});

describe("paths", () => {
  test.each([
    ["linux", {}, "/home/anna/.local/share/semblance"],
    ["linux", { XDG_DATA_HOME: "/data" }, "/data/semblance"],
    ["darwin", {}, "/home/anna/Library/Application Support/Semblance"],
    ["linux", { SEMBLANCE_LIBRARY: "/elsewhere" }, "/elsewhere"],
  ] as const)("the library of %s with %j", (platform, variables, expected) => {
    expect(defaultLibraryPath({ platform, home: "/home/anna", variables })).toBe(expected);
  });

  test.each([
    ["linux", {}, "/home/anna/.cache/semblance"],
    ["linux", { XDG_CACHE_HOME: "/caches" }, "/caches/semblance"],
    ["win32", { LOCALAPPDATA: "/local" }, "/local/Semblance/Cache"],
    ["darwin", {}, "/home/anna/Library/Caches/Semblance"],
  ] as const)("what can be made again of %s with %j", (platform, variables, expected) => {
    expect(defaultCachePath({ platform, home: "/home/anna", variables })).toBe(expected);
  });
});

describe("settings", () => {
  test("have defaults, keep what is set, and survive an edit by hand", () => {
    const folder = scratchFolder();
    const settings = openSettings(folder);
    expect([settings.get("device"), settings.get("threads"), settings.get("modelFolders")]).toEqual(["cpu", null, []]);
    expect(existsSync(join(folder, "settings.json"))).toBe(false);
    settings.set("device", "webgpu");
    settings.set("modelFolders", ["/models"]);
    expect(openSettings(folder).get("device")).toBe("webgpu");
    writeFileSync(join(folder, "settings.json"), JSON.stringify({ device: "toaster", threads: 3, modelFolders: ["/m"] }));
    const edited = openSettings(folder);
    expect([edited.get("device"), edited.get("threads"), edited.get("modelFolders")]).toEqual(["cpu", 3, ["/m"]]);
    writeFileSync(join(folder, "settings.json"), "{ not json");
    expect(openSettings(folder).get("threads")).toBeNull();
  });
});

test("the log holds warnings and not chatter; without a library it is silent", () => {
  const folder = scratchFolder();
  const log = openLogger({ libraryPath: folder, processName: "engine" });
  log.info("chatter");
  log.warn("worth a line");
  const text = readFileSync(join(folder, "logs", "engine.log"), "utf8");
  expect(text).toContain("worth a line");
  expect(text).not.toContain("chatter");
  expect(openLogger({ libraryPath: null, processName: "x" }).level).toBe("silent");
});

test("a process is told from another one with its number, and from none", async () => {
  const own = await processStart(process.pid);
  expect(own).not.toBeNull();
  expect(await processStart(process.pid)).toBe(own);
  expect(await processStart(2 ** 22 + 12345)).toBeNull();
  if (process.platform === "linux") expect(await processStart(process.ppid)).not.toBe(own);
});

test("a recipe's id depends on the recipe alone", () => {
  const recipe = {
    metric: "clip-i",
    family: "clip",
    modelSha256: "x",
    mode: "corrected",
    precision: "float32",
    tap: "pooled",
    imageSize: 224,
    parameters: { b: 1, a: null },
    version: 1,
  } as const;
  const id = recipeIdOf(recipe);
  expect(id).toMatch(/^[0-9a-f]{16}$/);
  expect(recipeIdOf({ ...recipe, parameters: { a: null, b: 1 }, name: "x" } as typeof recipe)).toBe(id);
  expect(recipeIdOf({ ...recipe, imageSize: 225 })).not.toBe(id);
});
