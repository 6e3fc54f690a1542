/** @file Pictures belong to the person: after everything that the program does, no file below a folder of the library has changed, come or gone. */
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runProgram } from "#main/apps/cli/program";
import { cli } from "../support/cli";
import { folderState } from "../support/folder-state";
import { picture, writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const drive = join(scratch, "drive");
const photos = join(drive, "photos");
const library = join(scratch, "library");
const at = (name: string): string => join(photos, name);

/** A command that has to succeed. */
async function done(...args: readonly string[]): Promise<void> {
  const run = await cli(...args, "--library", library);
  expect([args.join(" "), run.exitCode, run.err]).toEqual([args.join(" "), 0, expect.any(String)]);
}

async function watchUntilQuiet(): Promise<void> {
  const stop = new AbortController();
  const err = { write: (text: string): void => void (text.startsWith("Ctrl-C") && setTimeout(() => stop.abort(), 1_500)) };
  expect(
    await runProgram(["index", "watch", "--library", library], { streams: { out: { write: () => undefined }, err }, signal: stop.signal }),
  ).toBe(0);
}

test("measuring, watching, asking, tagging, exporting and moving leave every byte and every time as it was", async () => {
  for (let seed = 0; seed < 5; seed += 1) await writePicture(at(`p${seed}.png`), seed);
  await picture(2, { width: 192, height: 144 })
    .flatten()
    .jpeg()
    .withExif({ IFD0: { Artist: "Somebody" } })
    .toFile(at("large.jpg"));
  await mkdir(at("sub"));
  await writeFile(at("sub/broken.png"), "no picture");
  await writeFile(at("sub/raw.heic"), "a format that is not read");
  await writeFile(at("notes.txt"), "something else");
  const before = await folderState(drive, { isExact: true });

  await done("index", "add", photos);
  await watchUntilQuiet();
  await done("index", "run", "--metric", "starter-subject");
  await done("find", at("p1.png"), "--top", "3", "--exact");
  await done("find", at("large.jpg"), "--minus", at("p3.png"), "--crop", "0,0,90,70");
  await done("compare", at("p0.png"), at("p1.png"));
  await done("heatmap", at("p0.png"), at("p1.png"), "--out", join(scratch, "heat.png"));
  await done("matrix", photos, "--csv", join(scratch, "matrix.csv"));
  await done("duplicates", "--tier", "exact");
  await done("duplicates", "--tier", "scene");
  await done("tag", at("p0.png"), "--add", "ink", "--rating", "5", "--pick");
  await done("list", "--where", "tag = ink", "--facets");
  await done("export", "xmp", "--out", join(scratch, "sidecars"));
  await done("info", at("large.jpg"), "--raw");
  expect(await folderState(drive, { isExact: true })).toEqual(before);

  // The person moves the drive; what lies on it stays as it is.
  const elsewhere = join(scratch, "elsewhere");
  await rename(drive, elsewhere);
  const moved = await folderState(elsewhere, { isExact: true });
  await done("index", "list");
  await done("index", "move", photos, join(elsewhere, "photos"));
  await done("index", "run");
  await done("index", "remove", join(elsewhere, "photos"));
  expect(await folderState(elsewhere, { isExact: true })).toEqual(moved);
  expect(Object.values(moved).sort()).toEqual(Object.values(before).sort());
}, 120_000);
