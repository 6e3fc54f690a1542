/** @file A library put in order: filtered by lists and by text, culled and tagged by keyboard, undone, and its pictures' own notes read. */
import { folderState } from "../../support/folder-state";
import { expect, test } from "../fixtures/headless-host";
import { generatedPicture, readablePictures, writeOwnPictures } from "../fixtures/own-pictures";

test("pictures are filtered, flagged, rated, tagged, and what was said is taken back", async ({ app, firstRun, library, homePath }) => {
  const folder = await writeOwnPictures(homePath);
  const before = await folderState(folder);
  await firstRun.chooseFolders.click();
  await library.picker.getByRole("option", { name: "Drawings" }).dblclick();
  await expect(library.picker.getByRole("textbox", { name: "Path" })).toHaveValue(/Drawings$/);
  await library.picker.getByRole("button", { name: "Add this folder" }).click();
  await expect(library.tiles).toHaveCount(readablePictures.length);

  await test.step("lists filter: or inside, and between", async () => {
    await library.facet("PNG").click();
    await expect(library.tiles).toHaveCount(3);
    await library.facet("WEBP").click();
    await expect(library.tiles).toHaveCount(4);
    await expect(library.main.getByText("4 of 5")).toBeVisible();
    await app.page.reload();
    await expect(library.tiles).toHaveCount(4);
    await library.main.getByRole("button", { name: "Take away the condition Format 2 values" }).click();
    await expect(library.tiles).toHaveCount(5);
  });

  await test.step("keys flag, rate and tag the selection; the tile says so", async () => {
    await library.tile("ada.png").click();
    await app.page.keyboard.press("p");
    await app.page.keyboard.press("4");
    await expect.poll(() => library.said("ada.png")).toContain("Picked, 4 stars");
    await library.tile("cleo.webp").click({ modifiers: ["ControlOrMeta"] });
    await app.page.keyboard.press("t");
    await expect(library.details.getByRole("combobox", { name: "Add tag" })).toBeFocused();
    await app.page.keyboard.type("Ink");
    await app.page.keyboard.press("Enter");
    await expect(app.notice("2 images tagged Ink")).toBeVisible();
    await expect(library.details.getByText("Ink", { exact: true }).first()).toBeVisible();
    await app.page.keyboard.press("Escape");
    await library.facet("Ink").click();
    await expect(library.tiles).toHaveCount(2);
    await library.facet("Picked").click();
    await expect(library.tiles).toHaveCount(1);
    await library.main.getByRole("button", { name: "Clear", exact: true }).click();
    await expect(library.tiles).toHaveCount(5);
  });

  await test.step("undo takes back step by step", async () => {
    await library.tile("bea.jpg").click();
    await app.page.keyboard.press("x");
    await expect.poll(() => library.said("bea.jpg")).toContain("Rejected");
    await app.page.keyboard.press("Control+z");
    await expect.poll(() => library.said("bea.jpg")).not.toContain("Rejected");
    await app.page.keyboard.press("Control+z");
    await expect(library.facet("Ink")).toHaveCount(0);
    await app.page.keyboard.press("Control+z");
    await expect.poll(() => library.said("ada.png")).not.toContain("4 stars");
  });

  await test.step("the filter as text tells mistakes and finds words of a prompt", async () => {
    const form = await library.writeFilter("promt ~ fox");
    await expect(form.getByRole("status")).toContainText('no field "promt"');
    await expect(form.getByRole("button", { name: "Apply filter" })).toBeDisabled();
    await form.getByRole("textbox").fill("prompt ~ fox");
    await app.page.keyboard.press("Enter");
    await expect(library.tiles).toHaveCount(1);
    await app.page.keyboard.press("Escape");
  });

  await test.step("the details tell how a picture was generated, in fields and raw", async () => {
    await library.tile(generatedPicture).click();
    await expect(library.details.getByText("ink_style at 0.80")).toBeVisible();
    await library.details.getByRole("button", { name: "Raw data" }).click();
    await expect(app.page.getByRole("dialog", { name: "What the file says" })).toContainText("parameters");
    await app.page.keyboard.press("Escape");
  });

  expect(await folderState(folder)).toEqual(before);
});
