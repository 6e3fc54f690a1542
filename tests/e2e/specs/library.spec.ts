/** @file Own pictures: chosen in the served folder picker, indexed in place, filtered, sorted, and let go untouched. */
import { join } from "node:path";
import { folderState } from "../../support/folder-state";
import { expect, test } from "../fixtures/headless-host";
import { damagedPicture, readablePictures, unsupportedPicture, writeOwnPictures } from "../fixtures/own-pictures";
import { samplePictures } from "../fixtures/sample-pictures";
import type { LibraryPage } from "../pages/library-page";

async function addDrawings(library: LibraryPage): Promise<void> {
  await library.picker.getByRole("option", { name: "Drawings" }).dblclick();
  await expect(library.picker.getByRole("textbox", { name: "Path" })).toHaveValue(/Drawings$/);
  await library.picker.getByRole("button", { name: "Add this folder" }).click();
  await expect(library.tiles).toHaveCount(readablePictures.length);
}

test("a folder of own pictures is added in place, listed with what was skipped, and let go untouched", async ({
  app,
  firstRun,
  library,
  homePath,
}) => {
  const folder = await writeOwnPictures(homePath);
  const before = await folderState(folder);

  await test.step("the picker starts in the home folder and goes down and up", async () => {
    await firstRun.chooseFolders.click();
    await expect(library.picker.getByRole("textbox", { name: "Path" })).toHaveValue(homePath);
    await library.picker.getByRole("option", { name: "Drawings" }).dblclick();
    await expect(library.picker.getByRole("option", { name: "sketches" })).toBeVisible();
    await library.picker.getByRole("button", { name: "Up" }).click();
    await expect(library.picker.getByRole("option", { name: "Empty" })).toBeVisible();
    await addDrawings(library);
    await expect(app.notice('"Drawings" added to the library')).toBeVisible();
  });

  await test.step("skipped files are named with their reasons", async () => {
    await app.statusBar.getByRole("button", { name: "2 skipped" }).click();
    await expect(app.skippedFiles).toContainText("the other 5 are indexed");
    await app.skippedFiles.getByRole("button", { name: "Show" }).first().click();
    await app.skippedFiles.getByRole("button", { name: "Show" }).click();
    await expect(app.skippedFiles.getByRole("listitem").filter({ hasText: join(folder, unsupportedPicture) })).toContainText("HEIC");
    await expect(app.skippedFiles.getByRole("listitem").filter({ hasText: join(folder, damagedPicture) })).toContainText(
      "damaged or cut short",
    );
    await app.page.keyboard.press("Escape");
  });

  await test.step("the tree counts, opens, and shows one folder", async () => {
    await expect(library.folder("All images")).toContainText("5");
    await expect(library.folder("Drawings")).toContainText("5");
    await library.folder("Drawings").click();
    await app.page.keyboard.press("ArrowRight");
    await expect(library.folder("sketches")).toContainText("3");
    await library.folder("sketches").click();
    await expect(library.tiles).toHaveCount(3);
    await app.page.keyboard.press("ArrowRight");
    await library.folder("old").click();
    await expect(library.tiles).toHaveCount(1);
    await expect(library.tile("edda.png")).toBeVisible();
    await app.open("Find");
    await app.open("Library");
    await expect(library.folder("old")).toBeVisible();
  });

  await test.step("removing asks first, and leaves the files as they were", async () => {
    await library.folder("Drawings").click({ button: "right" });
    await app.page.getByRole("menuitem", { name: "Remove from library..." }).click();
    const question = app.page.getByRole("alertdialog");
    await expect(question).toContainText(folder);
    await question.getByRole("button", { name: "Cancel" }).click();
    await expect(library.folder("Drawings")).toBeVisible();
    await library.folder("Drawings").focus();
    await app.page.keyboard.press("Delete");
    await question.getByRole("button", { name: "Remove folder" }).click();
    await expect(app.notice('"Drawings" removed from the library')).toBeVisible();
    await expect(library.tiles).toHaveCount(0);
    expect(await folderState(folder)).toEqual(before);
  });
});

test.describe("on a measured library", () => {
  test.use({ startsWith: "sample" });

  test("filter, sort and their way back", async ({ app, library }) => {
    await library.filter.fill("lighthouse");
    await expect(library.tiles).toHaveCount(12);
    await expect(library.main.getByRole("status").filter({ hasText: /^12 of/ })).toBeVisible();
    await app.select(library.sort, "Name");
    const byName = samplePictures.flatMap(({ file, subject }) => (subject === "lighthouse" ? [file] : [])).toSorted();
    await expect.poll(() => library.names()).toEqual(byName);
    await library.main.getByRole("button", { name: "Clear filter" }).click();
    await expect(library.filter).toHaveValue("");
    await expect(library.tile("bird--chalk.webp")).toBeVisible();
    await library.filter.fill("no such picture");
    await expect(library.main.getByText("No images match this filter")).toBeVisible();
    await library.main.getByRole("button", { name: "Clear filter" }).last().click();
    await expect(library.tiles.first()).toBeVisible();
  });

  test("click, Ctrl and Shift select; the tray and the details follow", async ({ app, library }) => {
    await library.tiles.nth(1).click();
    const [, second = ""] = await library.names();
    await expect(library.details.getByRole("heading", { name: second })).toBeVisible();
    await library.tiles.nth(4).click({ modifiers: ["Shift"] });
    await expect(app.statusBar.getByText("4 selected")).toBeVisible();
    await library.tiles.nth(2).click({ modifiers: ["ControlOrMeta"] });
    await expect(app.statusBar.getByText("3 selected")).toBeVisible();
    await expect(library.tray).toContainText("3 images");
    await library.tray
      .getByRole("button", { name: /^Take .* out of the selection$/ })
      .first()
      .click();
    await expect(library.tray).toContainText("2 images");
  });

  test("the thumbnail size changes the grid and is remembered", async ({ app, library }) => {
    await expect(library.tiles.first()).toBeVisible();
    const size = app.statusBar.getByRole("slider", { name: "Thumbnail size" });
    const height = async (): Promise<number> => (await library.tiles.first().boundingBox())?.height ?? 0;
    const before = await height();
    await size.focus();
    await app.page.keyboard.press("End");
    await expect.poll(height).toBeGreaterThan(before * 1.3);
    const large = await height();
    await app.page.reload();
    await expect.poll(height).toBeCloseTo(large, 0);
  });

  test("removing the sample library can be undone", async ({ app, library }) => {
    await library.folder("Sample library").focus();
    await app.page.keyboard.press("Delete");
    await app.page.getByRole("alertdialog").getByRole("button", { name: "Remove folder" }).click();
    await app.notice("removed from the library").getByRole("button", { name: "Undo" }).click();
    await expect(library.tiles.first()).toBeVisible();
  });
});
