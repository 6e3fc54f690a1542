/** @file The foreground: masks over the pictures, both scores, and painting a mask by pointer and by keyboard. */
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "../fixtures/headless-host";
import type { ComparePage } from "../pages/compare-page";
import type { LibraryPage } from "../pages/library-page";

test.use({ startsWith: "sample" });

const pictureA = "mira-01.webp";
const pictureB = "mira-02.webp";

async function openForegrounds(library: LibraryPage, compare: ComparePage): Promise<void> {
  await library.filter.fill("mira-0");
  await library.tile(pictureA).click();
  await library.tile(pictureB).click({ modifiers: ["ControlOrMeta"] });
  await library.app.page.keyboard.press("c");
  await expect(compare.map("A")).toBeVisible();
  await compare.foreground.click();
}

test("a metric that sees an image as one thing says so; one of tokens shows masks and both scores", async ({ app, library, compare }) => {
  await openForegrounds(library, compare);
  await expect(compare.settings.getByText(/sees an image as one thing/)).toBeVisible();
  await expect(compare.mask("A")).toHaveCount(0);
  await app.select(compare.settings.getByRole("combobox", { name: "Metric" }), /instance/);
  await expect(compare.mask("A")).toBeVisible();
  await expect(compare.mask("B")).toBeVisible();
  const whole = await compare.foregroundScore("Whole image").textContent();
  await expect(compare.score).toContainText(whole ?? "nothing");
  await expect(compare.foregroundScore("Foreground")).toHaveText(/0\.\d{3}/);
  await expect(compare.settings.getByText(/% in front, estimate/)).toHaveCount(2);
  await compare.foreground.click();
  await expect(compare.mask("A")).toHaveCount(0);
});

test("a mask is painted by pointer and keyboard, saved, and undone", async ({ app, library, compare }) => {
  const { page } = app;
  await openForegrounds(library, compare);
  await app.select(compare.settings.getByRole("combobox", { name: "Metric" }), /instance/);
  const score = compare.foregroundScore("Foreground");
  await expect(score).toHaveText(/0\.\d{3}/);
  const estimated = await score.textContent();

  await compare.settings.getByRole("button", { name: `Edit the mask of ${pictureA}` }).click();
  const { dialog, canvas } = compare.maskEditor;
  const box = await canvas.boundingBox();
  if (box === null) throw new Error("the picture is on screen");
  const pixels = () => canvas.locator("canvas").evaluate((element) => (element as HTMLCanvasElement).toDataURL());
  const start = await pixels();
  await canvas.focus();
  // A tile changes sides when half of it is painted.
  for (let step = 0; step < 14; step += 1) await page.keyboard.press("]");
  await page.mouse.move(box.x + 0.05 * box.width, box.y + 0.05 * box.height);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.9 * box.width, box.y + 0.1 * box.height, { steps: 4 });
  await page.mouse.up();
  const stroked = await pixels();
  expect(stroked).not.toBe(start);
  await canvas.focus();
  for (const key of ["e", "[", "ArrowLeft", "ArrowUp", "Space"]) await page.keyboard.press(key);
  await expect(dialog.getByRole("button", { name: "Remove", exact: true })).toHaveAttribute("aria-pressed", "true");
  expect(await pixels()).not.toBe(stroked);
  await page.keyboard.press("ControlOrMeta+z");
  expect(await pixels()).toBe(stroked);
  expect((await new AxeBuilder({ page }).include('[role="dialog"]').analyze()).violations).toEqual([]);
  await dialog.getByRole("button", { name: "Save mask" }).click();

  await expect(app.notice("Saved the mask")).toBeVisible();
  await expect(compare.settings.getByText(/% in front, painted/)).toHaveCount(1);
  await expect(score).not.toHaveText(estimated ?? "");
  await page.keyboard.press("ControlOrMeta+z");
  await expect(compare.settings.getByText(/% in front, painted/)).toHaveCount(0);
  await expect(score).toHaveText(estimated ?? "");
});
