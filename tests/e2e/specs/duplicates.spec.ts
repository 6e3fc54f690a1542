/** @file Near-duplicates reviewed: found, flagged, kept apart, taken back, compared and opened; the files stay as they are. */
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { folderState } from "../../support/folder-state";
import { picture, writePicture } from "../../support/pictures";
import { expect, test } from "../fixtures/headless-host";
import { DuplicatesPage } from "../pages/duplicates-page";

test("groups are reviewed by keyboard, and what was said is taken back", async ({ app, firstRun, library, homePath }) => {
  const folder = join(homePath, "Photos");
  await writePhotos(folder);
  const before = await folderState(folder);
  const duplicates = new DuplicatesPage(app);
  await firstRun.chooseFolders.click();
  await library.picker.getByRole("option", { name: "Photos" }).dblclick();
  await expect(library.picker.getByRole("textbox", { name: "Path" })).toHaveValue(/Photos$/);
  await library.picker.getByRole("button", { name: "Add this folder" }).click();
  await expect(app.statusBar.getByText("7 images")).toBeVisible();

  await test.step("a group has its largest picture first, and says how alike the others are", async () => {
    await duplicates.open();
    await expect(duplicates.groups).toHaveText([/^Group 1\s*3 pictures/]);
    await expect(duplicates.pictures.first()).toHaveAttribute("aria-label", /^p2\.png, 192 × 144, .*Suggested$/);
    await expect(duplicates.picture("half.png")).toHaveAttribute("aria-label", /96 × 72, .* alike, \d+ bits? apart$/);
  });

  await test.step("keys flag the picture they are on, and show it large", async () => {
    await duplicates.pictures.first().click();
    await app.page.keyboard.press("ArrowRight");
    await expect(duplicates.pictures.nth(1)).toBeFocused();
    await app.page.keyboard.press("x");
    await expect(duplicates.pictures.nth(1)).toHaveAttribute("aria-label", /Rejected$/);
    await app.page.keyboard.press(" ");
    await expect(duplicates.preview.getByText("2 of 3")).toBeVisible();
    await app.page.keyboard.press("Escape");
    await expect(duplicates.pictures.nth(1)).toBeFocused();
  });

  await test.step("N keeps a picture apart, Ctrl Z takes it back, and the last word is remembered", async () => {
    await app.page.keyboard.press("n");
    await expect(duplicates.pictures).toHaveCount(2);
    await app.page.keyboard.press("Control+z");
    await expect(duplicates.pictures).toHaveCount(3);
    await app.page.keyboard.press("Control+z");
    await expect(duplicates.pictures.nth(1)).not.toHaveAttribute("aria-label", /Rejected/);
    await duplicates.main.getByRole("button", { name: "Not duplicates" }).click();
    await expect(duplicates.main.getByText("No near-duplicates")).toBeVisible();
    await duplicates.main.getByRole("button", { name: "Look again" }).click();
    await expect(duplicates.main.getByText("7 pictures were looked at.")).toBeVisible();
    await app.page.keyboard.press("Control+z");
    await expect(duplicates.pictures).toHaveCount(3);
  });

  await test.step("C compares with the suggested one, D comes back to the same picture", async () => {
    await duplicates.picture("half.png").click();
    await app.page.keyboard.press("c");
    await expect(app.work("Compare").getByText("half.png").first()).toBeVisible();
    await app.page.keyboard.press("d");
    await expect(duplicates.picture("half.png")).toBeFocused();
  });

  await test.step("files of the same bytes are listed; Enter opens the library at the picture", async () => {
    await duplicates.tier("Exact").click();
    await expect(duplicates.grid.getByRole("listitem")).toHaveText([/p1\.png/, /copy\.png/]);
    await duplicates.pictures.first().click();
    await app.page.keyboard.press("Enter");
    await expect(library.tiles).toHaveCount(1);
    await expect(library.tile("p1.png")).toHaveAttribute("aria-selected", "true");
  });

  expect(await folderState(folder)).toEqual(before);
});

/** Five pictures; one of them again at half the size and saved anew, one copied byte by byte. */
async function writePhotos(folder: string): Promise<void> {
  await mkdir(join(folder, "again"), { recursive: true });
  for (let seed = 0; seed < 5; seed += 1) await writePicture(join(folder, `p${seed}.png`), seed, { width: 192, height: 144 });
  const original = await picture(2, { width: 192, height: 144 }).png().toBuffer();
  await sharp(original)
    .resize(96, 72)
    .toFile(join(folder, "again", "half.png"));
  await sharp(original)
    .jpeg({ quality: 60 })
    .toFile(join(folder, "again", "saved.jpg"));
  await copyFile(join(folder, "p1.png"), join(folder, "again", "copy.png"));
}
