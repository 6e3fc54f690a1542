/** @file No serious complaint of axe on any screen in either theme; calm where calm is asked for; nothing scrolls sideways in a small window. */
import { axeFindings } from "../fixtures/axe-findings";
import { expect, test } from "../fixtures/headless-host";
import { DuplicatesPage } from "../pages/duplicates-page";

test("first run and folder picker", async ({ app, firstRun, library }) => {
  await expect(app.page.getByText("Self-test passed")).toBeVisible();
  expect(await axeFindings(app.page)).toEqual([]);
  await firstRun.chooseFolders.click();
  await expect(library.picker.getByRole("textbox", { name: "Path" })).not.toHaveValue("");
  expect(await axeFindings(app.page)).toEqual([]);
});

test.describe("on a measured library", () => {
  test.use({ startsWith: "sample" });

  test("library, palette and shortcuts", async ({ app, library }) => {
    await library.tiles.nth(2).click();
    await expect(library.details.getByRole("heading", { level: 2 })).toBeVisible();
    expect(await axeFindings(app.page)).toEqual([]);
    await app.page.keyboard.press("Control+k");
    await expect(app.paletteField).toBeFocused();
    expect(await axeFindings(app.page)).toEqual([]);
    await app.page.keyboard.press("Escape");
    await app.page.keyboard.press("?");
    await expect(app.shortcutSheet).toBeVisible();
    expect(await axeFindings(app.page)).toEqual([]);
    await app.page.keyboard.press("Escape");
    await app.runCommand("Devices and self-test");
    const inUse = app.devices.getByRole("listitem").first();
    await inUse.getByRole("button", { name: /^Test / }).click();
    await expect(inUse).toContainText("Passed its test");
    expect(await axeFindings(app.page)).toEqual([]);
    await app.devices.getByRole("button", { name: "Storage and budgets" }).click();
    await expect(app.storage.getByRole("list", { name: "Attention features" })).toBeVisible();
    expect(await axeFindings(app.page)).toEqual([]);
  });

  test("find with results, with an unlike, and cropping", async ({ app, library, find }) => {
    await (await library.show("cat--woodcut.webp")).click();
    await library.findSimilar.click();
    await find.answered("in style");
    expect(await axeFindings(app.page)).toEqual([]);
    await find.tiles.first().hover();
    await find.tiles
      .first()
      .getByRole("button", { name: /^Less like/ })
      .click();
    await expect(find.cards).toHaveCount(2);
    await app.page.keyboard.press("r");
    await expect(find.cropDialog).toBeVisible();
    expect(await axeFindings(app.page)).toEqual([]);
  });

  test("compare, its table, and without pictures", async ({ app, library, compare }) => {
    await app.open("Compare");
    await expect(compare.main.getByRole("heading", { name: "Choose two pictures" })).toBeVisible();
    expect(await axeFindings(app.page)).toEqual([]);
    await app.open("Library");
    await library.tiles.nth(0).click();
    await library.tiles.nth(1).click({ modifiers: ["ControlOrMeta"] });
    await app.page.keyboard.press("c");
    await expect(compare.map("A")).toBeVisible();
    await app.page.keyboard.press("t");
    await expect(compare.table).toBeVisible();
    expect(await axeFindings(app.page)).toEqual([]);
    await compare.view("Matches").click();
    expect(await axeFindings(app.page)).toEqual([]);
  });

  test("duplicates, without any and with groups", async ({ app }) => {
    const duplicates = new DuplicatesPage(app);
    await duplicates.open();
    await expect(duplicates.main.getByRole("heading", { name: "No near-duplicates" })).toBeVisible();
    expect(await axeFindings(app.page)).toEqual([]);
    await duplicates.tier("Same scene").click();
    await duplicates.pictures.nth(1).click();
    expect(await axeFindings(app.page)).toEqual([]);
  });

  test("with reduced motion nothing moves by itself", async ({ app, library, compare }) => {
    await app.page.emulateMedia({ reducedMotion: "reduce" });
    await library.tiles.nth(0).click();
    await library.tiles.nth(1).click({ modifiers: ["ControlOrMeta"] });
    await app.page.keyboard.press("Control+k");
    await expect(app.palette).toBeVisible();
    const longest = await app.page.evaluate(() =>
      Math.max(
        0,
        ...[...document.querySelectorAll("*")].flatMap((element) => {
          const { transitionDuration, animationDuration } = getComputedStyle(element);
          return `${transitionDuration},${animationDuration}`.split(",").map(Number.parseFloat);
        }),
      ),
    );
    expect(longest).toBeLessThan(0.02);
    await app.page.keyboard.press("Escape");
    await app.page.keyboard.press("c");
    await compare.layout("Flicker").click();
    await expect(compare.main.getByRole("button", { name: "Show the other picture" })).toBeVisible();
  });

  test("nothing scrolls sideways at 1024 by 768", async ({ app, library, find, compare }) => {
    const { page } = app;
    const duplicates = new DuplicatesPage(app);
    await page.setViewportSize({ width: 1024, height: 768 });
    const expectNoSidewaysScroll = async (): Promise<void> => {
      const widest = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(widest).toBeLessThanOrEqual(1024);
      // What lies beyond the window's edge without a box that scrolls cannot be reached.
      const cut = await page
        .getByRole("button")
        .evaluateAll((buttons) =>
          buttons
            .filter(
              (button) => button.checkVisibility({ opacityProperty: true }) && button.getBoundingClientRect().right > window.innerWidth + 1,
            )
            .map((button) => button.textContent),
        );
      expect(cut).toEqual([]);
    };
    await duplicates.open();
    await duplicates.tier("Same scene").click();
    await expect(duplicates.lowest).toBeVisible();
    await expectNoSidewaysScroll();
    await duplicates.back.click();
    await (await library.show("cat--woodcut.webp")).click();
    await expectNoSidewaysScroll();
    await page.getByRole("button", { name: "Right panel" }).click();
    await expect(library.details.getByRole("heading", { name: "cat--woodcut.webp" })).toBeVisible();
    await expectNoSidewaysScroll();
    await page.getByRole("button", { name: "Right panel" }).click();
    await library.findSimilar.click();
    await find.answered("in style");
    await expectNoSidewaysScroll();
    await find.tiles.first().dblclick();
    await expect(compare.map("A")).toBeVisible();
    await expectNoSidewaysScroll();
  });
});
