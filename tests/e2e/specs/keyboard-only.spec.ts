/** @file The main job without a mouse. */
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "../fixtures/headless-host";
import { sampleCount, styleOf } from "../fixtures/sample-pictures";

/** Presses Tab until `target` has the focus, as a person does who looks at the focus ring. */
async function tabTo(page: Page, target: Locator, key: "Tab" | "F6" = "Tab"): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press(key);
    if (await target.evaluateAll((elements) => elements.includes(document.activeElement as HTMLElement))) return;
  }
  throw new Error(`${key} does not reach ${String(target)}.`);
}

test("first run to heat map with the keyboard alone", async ({ app, firstRun, library, find, compare }) => {
  const { page } = app;
  const { keyboard } = page;

  await test.step("open the sample library", async () => {
    await expect(firstRun.heading).toBeVisible();
    await tabTo(page, firstRun.openSample);
    await keyboard.press("Enter");
    await expect(app.statusBar.getByText(`${sampleCount} images`)).toBeVisible({ timeout: 60_000 });
  });

  await test.step("look at a picture large and come back to its tile", async () => {
    await tabTo(page, library.filter);
    await keyboard.type("woodcut");
    await expect(library.tiles).toHaveCount(12);
    await tabTo(page, library.tiles);
    await expect(library.tiles.first()).toHaveAttribute("aria-selected", "true");
    await keyboard.press("Home");
    await keyboard.press("ArrowRight");
    const second = library.tiles.nth(1);
    await expect(second).toBeFocused();
    await expect(second).toHaveAttribute("aria-selected", "true");
    await keyboard.press(" ");
    await expect(library.preview).toBeVisible();
    await expect(library.preview.getByText("2 of 12")).toBeVisible();
    await keyboard.press("ArrowRight");
    await expect(library.preview.getByText("3 of 12")).toBeVisible();
    await keyboard.press(" ");
    await expect(library.preview).toBeHidden();
    await expect(library.tiles.nth(2)).toBeFocused();
    await expect(library.details.getByRole("heading", { level: 2 })).toHaveText((await library.names())[2] ?? "");
  });

  await test.step("F finds by style, arrows go through the results, Enter compares", async () => {
    await keyboard.press("f");
    await expect(find.matchCount).toHaveText(/in style$/);
    await tabTo(page, find.tiles);
    await expect(find.tiles.first()).toBeFocused();
    await keyboard.press("ArrowRight");
    await expect(find.tiles.nth(1)).toBeFocused();
    await expect(find.tiles.nth(1)).toHaveAttribute("aria-selected", "true");
    const { name = "" } = (await find.found())[1] ?? {};
    expect(styleOf(name)).toBe("woodcut");
    await expect(find.why.getByRole("heading", { name })).toBeVisible();
    await keyboard.press("Enter");
    await expect(compare.pane("B")).toContainText(name);
  });

  await test.step("arrows move the tile, Tab goes to the other picture, Esc unpins", async () => {
    await expect(compare.map("A")).toBeVisible();
    await tabTo(page, compare.picture("A"));
    // Which tile is the most alike depends on the pair, and which pair on the times of the files: move away from the edge it may be at.
    const place = await compare.settings.getByText(/Column \d+, row \d+ of/).textContent();
    const [column = 0, row = 0] = (place?.match(/\d+/g) ?? []).map(Number);
    await keyboard.press(column > 7 ? "ArrowLeft" : "ArrowRight");
    await expect(compare.reading("Pinned tile")).toBeVisible();
    const before = await compare.fingerprint("B");
    await keyboard.press(row > 7 ? "ArrowUp" : "ArrowDown");
    await expect.poll(() => compare.fingerprint("B")).not.toBe(before);
    await expect(compare.pane("B")).toContainText(/best match/);
    await keyboard.press("Tab");
    await expect(compare.picture("B")).toBeFocused();
    await keyboard.press("Escape");
    await expect(compare.reading("Most alike tile")).toBeVisible();
  });

  await test.step("single keys change the view, the table and the sides", async () => {
    await keyboard.press("v");
    await expect(compare.view("Agreement")).toHaveAttribute("aria-pressed", "true");
    await keyboard.press("t");
    await expect(compare.table).toBeVisible();
    const names = [
      await compare.pane("A").getByRole("img").first().getAttribute("alt"),
      await compare.pane("B").getByRole("img").first().getAttribute("alt"),
    ];
    await keyboard.press("s");
    await expect(compare.pane("A")).toContainText(names[1] ?? "");
    await expect(compare.pane("B")).toContainText(names[0] ?? "");
  });
});

test.describe("on a measured library", () => {
  test.use({ startsWith: "sample" });

  test("Ctrl K runs commands and goes to folders, ? lists the shortcuts", async ({ app, library, find }) => {
    const { page } = app;
    await expect(library.tiles.first()).toBeVisible();
    await page.keyboard.press("Control+k");
    await expect(app.paletteField).toBeFocused();
    await page.keyboard.type("go to find");
    await page.keyboard.press("Enter");
    await expect(find.main).toBeVisible();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("sample");
    await expect(app.palette.getByRole("option").filter({ hasText: "Folder" })).toHaveCount(1);
    await page.keyboard.press("Enter");
    await expect(library.main.getByRole("heading", { level: 1 })).toHaveText("Sample library");

    await page.keyboard.press("Control+k");
    await page.keyboard.type("no such command");
    await expect(app.palette.getByText('Nothing matches "no such command".').first()).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(app.palette).toBeHidden();

    await page.keyboard.press("?");
    await expect(app.shortcutSheet.getByRole("listitem").filter({ hasText: "Find similar in style" })).toContainText("F");
    await expect(app.shortcutSheet.getByRole("listitem").filter({ hasText: "Command palette" })).toContainText("Ctrl K");
    await page.keyboard.press("Escape");
    await expect(app.shortcutSheet).toBeHidden();
  });

  test("Alt and digits go to the workspaces, F6 to their regions, F7 and F8 hide the panels", async ({ app, library, find, compare }) => {
    const { page } = app;
    await expect(library.tiles.first()).toBeVisible();
    await page.keyboard.press("Alt+2");
    await expect(find.main).toBeVisible();
    await page.keyboard.press("Alt+3");
    await expect(app.work("Consistency")).toBeVisible();
    await page.keyboard.press("Alt+4");
    await expect(compare.main).toBeVisible();
    await page.keyboard.press("Alt+1");
    await expect(library.tiles.first()).toBeVisible();
    await tabTo(page, library.tiles, "F6");
    await page.keyboard.press("F7");
    await expect(library.folders).toBeHidden();
    await page.keyboard.press("F8");
    await expect(library.details).toBeHidden();
    await page.keyboard.press("Control+\\");
    await expect(library.folders).toBeVisible();
    await expect(library.details).toBeVisible();
  });

  test("Ctrl A and Shift with arrows select, Esc clears", async ({ app, library }) => {
    const { page } = app;
    await tabTo(page, library.tiles);
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    await expect(app.statusBar.getByText("3 selected")).toBeVisible();
    await page.keyboard.press("Control+a");
    await expect(app.statusBar.getByText(`${sampleCount} selected`)).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(app.statusBar.getByText("selected")).toBeHidden();
    await page.keyboard.press("End");
    await expect(library.grid.getByRole("gridcell", { selected: true })).toHaveAttribute("aria-colindex", String(sampleCount));
  });
});
