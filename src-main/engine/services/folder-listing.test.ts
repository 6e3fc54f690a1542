import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listFolder } from "./folder-listing";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "semblance-listing-"));
  for (const name of ["b10", "b2", ".hidden"]) await mkdir(join(folder, name));
  await symlink(join(folder, "b2"), join(folder, "linked"));
  await symlink(join(folder, "nowhere"), join(folder, "dangling"));
  for (const name of ["one.PNG", "two.jpg", "notes.txt"]) await writeFile(join(folder, name), "x");
});
afterAll(() => rm(folder, { recursive: true }));

test("folders only, hidden ones left out, numbers in their order, pictures counted", async () => {
  const listing = await listFolder(folder);
  expect(listing.entries.map((entry) => entry.name)).toEqual(["b2", "b10", "linked"]);
  expect(listing.imageCount).toBe(2);
  expect(listing.places.map((place) => place.name)).toContain("Home");
  expect(await listFolder("/")).toMatchObject({ path: "/", parent: null });
});

test("a folder that is not there is one sentence", async () => {
  await expect(listFolder(join(folder, "gone"))).rejects.toMatchObject({
    code: "root/not-found",
    message: `The folder ${join(folder, "gone")} does not exist.`,
  });
  await expect(listFolder(join(folder, "two.jpg"))).rejects.toMatchObject({ code: "root/not-found" });
});
