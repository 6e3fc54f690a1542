/** @file Find: every way to ask, to refine, and to take the answer along. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "../fixtures/headless-host";
import { sampleFolder } from "../fixtures/host-process";
import { sampleCount, styleOf, subjectOf } from "../fixtures/sample-pictures";
import type { FindPage } from "../pages/find-page";
import type { LibraryPage } from "../pages/library-page";

test.use({ startsWith: "sample" });

async function ask(library: LibraryPage, find: FindPage, fileName: string): Promise<void> {
  await (await library.show(fileName)).click();
  await library.findSimilar.click();
  await find.answered("in style");
}

/** A sample picture turned over, as someone else's file would be: known to no library. */
async function outsidePicture(fileName: string): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const buffer = await sharp(join(sampleFolder, fileName)).flop().resize(480).png().toBuffer();
  return { name: "from-a-friend.png", mimeType: "image/png", buffer };
}

async function scoreOf(find: FindPage, name: string): Promise<number | undefined> {
  return (await find.found()).find((picture) => picture.name === name)?.score;
}

test("a picture from outside is chosen, or dropped, and measured on the spot", async ({ app, library, find }) => {
  await app.open("Find");
  await expect(find.main.getByText("Find by picture")).toBeVisible();
  const picture = await outsidePicture("cat--woodcut.webp");
  await find.chooseFile.setInputFiles(picture);
  await expect(find.card("from-a-friend.png")).toBeVisible();
  await find.answered("in style");
  const chosen = await find.found();
  expect(chosen.slice(0, 6).map(({ name }) => styleOf(name))).toEqual(Array.from({ length: 6 }, () => "woodcut"));

  await test.step("dropping it says the same", async () => {
    await find.query.getByRole("button", { name: "Clear query" }).click();
    await expect(find.main.getByText("Find by picture")).toBeVisible();
    const transfer = await app.page.evaluateHandle(
      ({ name, mimeType, base64 }) => {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], name, { type: mimeType }));
        return data;
      },
      { ...picture, base64: picture.buffer.toString("base64") },
    );
    await find.main.getByText("Find by picture").dispatchEvent("drop", { dataTransfer: transfer });
    await expect(find.card("from-a-friend.png")).toBeVisible();
    await find.answered("in style");
    expect(await find.found()).toEqual(chosen);
  });

  await test.step("it was not added to the library", async () => {
    await app.open("Library");
    await expect(library.main.getByRole("status").filter({ hasText: `${sampleCount} images` })).toBeVisible();
  });
});

test("a file that is no picture is refused with a sentence", async ({ app, find, watch }) => {
  watch.expectComplaints(/status of 422/);
  await app.open("Find");
  await find.chooseFile.setInputFiles({ name: "broken.png", mimeType: "image/png", buffer: Buffer.from("not a picture") });
  await expect(app.alert("broken.png could not be read as a picture.")).toBeVisible();
  await expect(find.cards).toHaveCount(0);
});

test("weight, unlike and undo", async ({ app, library, find }) => {
  await ask(library, find, "cat--woodcut.webp");
  const asked = await find.found();
  await find.tile("teapot--woodcut.webp").hover();
  await find
    .tile("teapot--woodcut.webp")
    .getByRole("button", { name: /^Less like/ })
    .click();
  await expect(find.cards).toHaveCount(2);
  await expect(find.card("teapot--woodcut.webp")).toContainText("Unlike");
  await expect(find.weightOf("teapot--woodcut.webp")).toHaveAttribute("aria-valuetext", "-0.50");
  await expect(find.tile("teapot--woodcut.webp")).toHaveCount(0);
  await expect.poll(() => scoreOf(find, "mountains--woodcut.webp")).toBeLessThan(0.8);

  await find.weightOf("teapot--woodcut.webp").focus();
  for (let step = 0; step < 20; step++) await app.page.keyboard.press("ArrowRight");
  await expect(find.weightOf("teapot--woodcut.webp")).toHaveAttribute("aria-valuetext", "0.50");
  await expect(find.card("teapot--woodcut.webp")).not.toContainText("Unlike");
  await app.select(find.query.getByRole("combobox", { name: "Combine" }), /Min/);
  await expect(find.matchCount).toHaveText(/^\d+ match/);

  while (await find.undo.isEnabled()) await find.undo.click();
  await expect(find.cards).toHaveCount(1);
  await expect.poll(() => find.found()).toEqual(asked);
});

test("only the marked part of the picture counts", async ({ app, library, find }) => {
  await ask(library, find, "cat--woodcut.webp");
  const asked = await find.found();
  await find.query.getByRole("button", { name: "Crop cat--woodcut.webp" }).click();
  const picture = find.cropDialog.getByRole("application");
  const box = await picture.boundingBox();
  if (!box) throw new Error("The picture to crop has no box.");
  await app.page.mouse.move(box.x + 0.2 * box.width, box.y + 0.1 * box.height);
  await app.page.mouse.down();
  await app.page.mouse.move(box.x + 0.7 * box.width, box.y + 0.6 * box.height, { steps: 4 });
  await app.page.mouse.up();
  await expect(find.cropDialog.getByRole("status")).toHaveText(/^Crop, 2[45] % of the image$/);
  await find.cropDialog.getByRole("button", { name: "Use this part" }).click();
  await expect(find.card("cat--woodcut.webp")).toContainText(/Crop, 2[45] % of the image/);
  await expect.poll(() => find.found()).not.toEqual(asked);
  await app.page.keyboard.press("Control+z");
  await expect(find.card("cat--woodcut.webp")).not.toContainText("Crop,");
  await expect.poll(() => find.found()).toEqual(asked);
});

test("the cut-off splits the results, by handle, number and keys", async ({ app, library, find }) => {
  await ask(library, find, "cat--woodcut.webp");
  const matches = async (): Promise<number> => Number.parseInt((await find.matchCount.textContent()) ?? "", 10);
  const suggested = await matches();
  expect(suggested).toBeGreaterThan(0);
  expect(suggested).toBeLessThan(40);
  await expect(find.grid.getByText(/^Below the cut-off 0\.\d{3}, closest first$/)).toBeVisible();

  await find.cutoff.fill("0.5");
  await find.cutoff.press("Enter");
  await expect(find.cutoffHandle).toHaveAttribute("aria-valuenow", "0.5");
  await expect.poll(matches).toBeGreaterThan(suggested);
  const inView = await find.found();
  expect(inView.filter(({ score }) => score >= 0.5).length).toBe(Math.min(inView.length, await matches()));

  await find.cutoffHandle.focus();
  await app.page.keyboard.press("End");
  await expect(find.matchCount).toHaveText(/^0 matches/);
  await app.page.keyboard.press("Home");
  await expect.poll(matches).toBe(sampleCount - 1);

  await find.main.getByRole("button", { name: /^Use suggested/ }).click();
  await expect.poll(matches).toBe(suggested);
  const before = Number(await find.cutoffHandle.getAttribute("aria-valuenow"));
  await find.tiles.first().focus();
  await app.page.keyboard.press("[");
  await expect.poll(async () => Number(await find.cutoffHandle.getAttribute("aria-valuenow"))).toBeCloseTo(before - 0.01, 3);
  await app.page.keyboard.press("Shift+}");
  await expect.poll(async () => Number(await find.cutoffHandle.getAttribute("aria-valuenow"))).toBeCloseTo(before - 0.009, 3);
});

test("Q and W ask by style and by instance; what needs a model says so", async ({ app, library, find }) => {
  await ask(library, find, "bird--ink.webp");
  const styles = (await find.found()).slice(0, 8).map(({ name }) => styleOf(name));
  expect(styles.filter((style) => style === "ink").length).toBeGreaterThanOrEqual(6);
  await find.tiles.first().focus();
  await find.askAnew(() => app.page.keyboard.press("w"), "by instance");
  await expect(find.mode("Instance")).toBeChecked();
  const subjects = (await find.found()).slice(0, 8).map(({ name }) => subjectOf(name));
  expect(subjects.filter((subject) => subject === "bird").length).toBeGreaterThanOrEqual(5);
  await expect(find.mode("Semantic")).toBeDisabled();
  await expect(find.mode("Semantic")).toContainText("Needs CLIP");
  await app.page.keyboard.press("e");
  await expect(find.mode("Instance")).toBeChecked();
  await app.page.keyboard.press("q");
  await expect(find.matchCount).toHaveText(/in style$/);
});

test("the reason: regions on both pictures, the score, the recipe; and the way on from a result", async ({ app, library, find }) => {
  await ask(library, find, "cat--woodcut.webp");
  await find.tile("mountains--woodcut.webp").click();
  await expect(find.why.getByRole("heading", { name: "mountains--woodcut.webp" })).toBeVisible();
  await expect(find.why.getByText(/^Region 1 scores 0\.\d\d, region 2 scores 0\.\d\d\./)).toBeVisible();
  await app.page.keyboard.press("m");
  await expect(find.why.getByText("Matched regions are hidden.")).toBeVisible();
  await expect(find.why.getByText("cpu, float32")).toBeVisible();
  await find.why.getByRole("button", { name: "Find from this" }).click();
  await expect(find.card("mountains--woodcut.webp")).toBeVisible();
  await expect(find.cards).toHaveCount(1);
  await expect(find.tile("cat--woodcut.webp")).toBeVisible();
});

test("when nothing is alike, that is said, and the closest are offered", async ({ app, find }) => {
  const width = 320;
  // Grey noise looks like none of the sample's styles.
  const noise = Buffer.from(Array.from({ length: width * width }, (_, at) => (at * 2_654_435_761) % 251));
  const buffer = await sharp(noise, { raw: { width, height: width, channels: 1 } })
    .png()
    .toBuffer();
  await app.open("Find");
  await find.chooseFile.setInputFiles({ name: "noise.png", mimeType: "image/png", buffer });
  await expect(find.main.getByRole("heading", { name: "No good match" })).toBeVisible();
  await expect(find.matchCount).toHaveText(/^0 matches/);
  await expect(find.main.getByText(/in 100 random pairs of your own images score at least that/)).toBeVisible();
  await find.main.getByRole("button", { name: "Show the closest anyway" }).click();
  await expect(find.tiles.first()).toBeVisible();
});

test("the export holds what is on screen", async ({ app, library, find }) => {
  await ask(library, find, "cat--woodcut.webp");
  const [best] = await find.found();
  await find.main.getByRole("button", { name: "Export" }).click();
  const started = app.page.waitForEvent("download");
  await app.page.getByRole("menuitem", { name: "Results as CSV" }).click();
  const download = await started;
  expect(download.suggestedFilename()).toBe("semblance-results.csv");
  const [head = "", first = "", ...rest] = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
  expect(head.split(",").slice(0, 6)).toEqual(["rank", "score", "rarity", "above_cutoff", "name", "path"]);
  const [rank, score, , isAbove, name, path] = first.split(",");
  expect({ rank, isAbove, name, path }).toEqual({
    rank: "1",
    isAbove: "true",
    name: best?.name,
    path: join(sampleFolder, best?.name ?? ""),
  });
  expect(Number(score)).toBeCloseTo(best?.score ?? 0, 3);
  expect(rest).toHaveLength(sampleCount - 2);
});

test("results of one folder only", async ({ app, library, find }) => {
  await ask(library, find, "cat--woodcut.webp");
  await app.select(find.query.getByRole("combobox", { name: "Folder" }), /sample-library/);
  await expect(find.matchCount).toHaveText(/^\d+ match/);
  await expect(app.page).toHaveURL(/folder=/);
});

test("looking past how things are drawn brings the same thing in other styles, and keeps every score", async ({ app, library, find }) => {
  await ask(library, find, "cat--woodcut.webp");
  await find.askAnew(() => find.mode("Instance").click(), "by instance");
  const before = await find.found();
  await find.askAnew(() => find.query.getByRole("button", { name: /^Usual/ }).click(), "by instance");
  await find.askAnew(() => find.query.getByRole("slider", { name: "Ignore how it is drawn" }).press("End"), "by instance");
  const after = await find.found();
  const cats = (found: typeof after): number => found.slice(0, 8).filter(({ name }) => subjectOf(name) === "cat").length;
  expect(cats(after)).toBeGreaterThan(cats(before));
  const scores = new Map(before.map(({ name, score }) => [name, score]));
  for (const { name, score } of after.filter((picture) => scores.has(picture.name))) expect(score).toBe(scores.get(name));
  await expect(app.page).toHaveURL(/against=1/);
  await find.askAnew(() => find.query.getByRole("button", { name: "Switch off" }).click(), "by instance");
  expect(await find.found()).toEqual(before);
});

test.describe("on an empty library", () => {
  test.use({ startsWith: "empty" });

  test("Find says that there is nothing to search and leads to the Library", async ({ app, firstRun, library, find }) => {
    await firstRun.later.click();
    await app.open("Find");
    await expect(find.main.getByText("There are no images to search yet")).toBeVisible();
    await find.main.getByRole("link", { name: "Open Library" }).click();
    await expect(library.main.getByText("No images here yet")).toBeVisible();
  });
});
