/**
 * @file Takes a picture of every screen at two sizes and in both themes, to look at; nothing is compared.
 * `npx tsx tests/e2e/screenshots.ts OUT_DIR [NAME...]` writes `<name>-<width>-<theme>.png`; with names only those.
 */
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import { deleteFolder, startHost, temporaryFolder } from "./fixtures/host-process";
import { generatedPicture, writeOwnPictures } from "./fixtures/own-pictures";
import { sampleCount } from "./fixtures/sample-pictures";
import { AppWindow } from "./pages/app-window";
import { ComparePage } from "./pages/compare-page";
import { ConsistencyPage } from "./pages/consistency-page";
import { DuplicatesPage } from "./pages/duplicates-page";
import { FindPage } from "./pages/find-page";
import { FirstRunPage } from "./pages/first-run-page";
import { LibraryPage } from "./pages/library-page";
import { TrustPage } from "./pages/trust-page";

const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
] as const;
const themes = ["dark", "light"] as const;

type Shoot = (name: string) => Promise<void>;

/** Takes the page as it is, four times; leaves it large and dark. */
function shooter(page: Page, outFolder: string, names: readonly string[]): Shoot {
  return async (name) => {
    if (names.length > 0 && !names.includes(name)) return;
    for (const viewport of sizes.toReversed()) {
      await page.setViewportSize(viewport);
      for (const colorScheme of themes.toReversed()) {
        await page.emulateMedia({ colorScheme });
        await settled(page);
        await page.screenshot({ path: join(outFolder, `${name}-${viewport.width}-${colorScheme}.png`) });
      }
    }
  };
}

/** Every picture in view is there, and two frames were painted since. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  await page.evaluate(() => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))));
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))));
}

async function shootFirstRun(app: AppWindow, shoot: Shoot): Promise<void> {
  const firstRun = new FirstRunPage(app);
  await app.page.getByText("Self-test passed").waitFor();
  await shoot("first-run");
  await firstRun.chooseFolders.click();
  await shoot("picker");
  await app.page.keyboard.press("Escape");
  await firstRun.later.click();
  await shoot("library-empty");
  await app.open("Find");
  await shoot("find-no-library");
  await app.open("Library");
}

async function shootLibrary(app: AppWindow, shoot: Shoot): Promise<void> {
  const library = new LibraryPage(app);
  const { page } = app;
  await app.runCommand("Add folder...");
  await library.picker.getByRole("option", { name: "Drawings" }).dblclick();
  await library.picker.getByText("3 images directly in this folder").waitFor();
  await library.picker.getByRole("button", { name: "Add this folder" }).click();
  await app.runCommand("Open sample library");
  await library.tiles.nth(20).waitFor();
  await shoot("library-indexing");
  await app.statusBar.getByText(`${sampleCount + 5} images`).waitFor({ timeout: 120_000 });
  await shoot("library");
  await library.folder("Drawings").click();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await shoot("library-folder");
  await library.folder("All images").click();
  await (await library.show("cat--woodcut.webp")).click();
  await library.filter.fill("");
  await library.tiles.nth(2).click({ modifiers: ["ControlOrMeta"] });
  await library.tiles.nth(5).click({ modifiers: ["ControlOrMeta"] });
  await shoot("library-selected");
  await page.keyboard.press("p");
  await page.keyboard.press("4");
  await library.tiles.nth(7).click();
  await page.keyboard.press("x");
  await (await library.show(generatedPicture)).click();
  await library.details.getByRole("heading", { name: generatedPicture }).waitFor();
  await page.keyboard.press("t");
  await page.keyboard.type("ink,reference,");
  await page.keyboard.press("Escape");
  await library.filter.fill("");
  await library.facet("Rejected").waitFor();
  await shoot("library-noted");
  await library.details.getByRole("button", { name: "Raw data" }).click();
  await page.getByRole("dialog").getByText("Negative prompt").waitFor();
  await shoot("library-raw");
  await page.keyboard.press("Escape");
  await library.facet("Landscape").click();
  await library.facet("WEBP").click();
  await shoot("library-filtered");
  await library.writeFilter("rating >= 4 and prompt");
  await shoot("library-filter-text");
  await page.keyboard.press("Escape");
  await library.main.getByRole("button", { name: "Clear", exact: true }).click();
  await library.tiles.first().click();
  await page.keyboard.press(" ");
  await shoot("library-preview");
  await page.keyboard.press("Escape");
  await library.filter.fill("nothing like this");
  await page.getByText("No images match this filter").waitFor();
  await shoot("library-no-match");
  await library.filter.fill("");
}

async function shootDuplicates(app: AppWindow, shoot: Shoot): Promise<void> {
  const duplicates = new DuplicatesPage(app);
  const { page } = app;
  await app.runCommand("Review duplicates");
  await page.getByText("No near-duplicates").waitFor();
  await shoot("duplicates-none");
  await duplicates.tier("Same scene").click();
  await duplicates.lowest.fill("0.9");
  await page.getByText("12 groups").waitFor();
  await duplicates.pictures.nth(3).click();
  await page.keyboard.press("p");
  await app.notice("picked").waitFor();
  await shoot("duplicates");
  await duplicates.tier("Exact").click();
  await duplicates.main.getByText("ada-again.png").waitFor();
  await shoot("duplicates-exact");
  await duplicates.back.click();
}

async function shootWindows(app: AppWindow, shoot: Shoot): Promise<void> {
  const library = new LibraryPage(app);
  const { page } = app;
  await page.keyboard.press("Control+k");
  await app.paletteField.waitFor();
  await shoot("palette");
  await page.keyboard.press("Escape");
  await app.runCommand("Keyboard shortcuts");
  await shoot("shortcuts");
  await page.keyboard.press("Escape");
  await app.statusBar.getByRole("button", { name: /skipped/ }).click();
  await app.skippedFiles.getByRole("button", { name: "Show" }).first().click();
  await shoot("skipped");
  await page.keyboard.press("Escape");
  await app.statusBar.getByRole("button", { name: /^Device:/ }).click();
  await app.devices.getByRole("listitem").first().waitFor();
  await shoot("devices");
  await app.devices.getByRole("button", { name: "Storage and budgets" }).click();
  await app.storage.getByRole("list", { name: "Attention features" }).waitFor();
  await shoot("storage");
  await app.storage.getByRole("button", { name: "Clear attention features" }).click();
  await page.getByRole("alertdialog").waitFor();
  await shoot("storage-clear");
  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await library.folder("Sample library").click({ button: "right" });
  await shoot("folder-menu");
  await page.keyboard.press("Escape");
  await library.folder("Sample library").focus();
  await page.keyboard.press("Delete");
  await page.getByRole("alertdialog").waitFor();
  await shoot("remove-folder");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Theme" }).click();
  await shoot("theme-menu");
  await page.keyboard.press("Escape");
}

async function shootFind(app: AppWindow, shoot: Shoot): Promise<void> {
  const library = new LibraryPage(app);
  const find = new FindPage(app);
  const { page } = app;
  await page.reload(); // The selection is forgotten.
  await app.open("Find");
  await find.main.waitFor();
  await shoot("find-empty");
  await app.open("Library");
  await (await library.show("cat--woodcut.webp")).click();
  await library.findSimilar.click();
  await find.matchCount.waitFor();
  await find.why.getByText(/Region 1 scores/).waitFor();
  await shoot("find");
  await page.keyboard.press("F8");
  await find.tiles.nth(3).click();
  await page.keyboard.press("F8");
  await find.why.getByText(/Region 1 scores/).waitFor();
  await find.tile("lighthouse--woodcut.webp").hover();
  await find
    .tile("lighthouse--woodcut.webp")
    .getByRole("button", { name: /^Less like/ })
    .click();
  await find.cards.nth(1).waitFor();
  await shoot("find-unlike");
  await find.undo.click();
  await find.query.getByRole("button", { name: "Crop cat--woodcut.webp" }).click();
  await page.keyboard.press("Tab");
  await find.cropDialog.getByRole("application").press("ArrowRight");
  await shoot("find-crop");
  await page.keyboard.press("Escape");
  await find.main.getByRole("button", { name: "Export" }).click();
  await shoot("find-export");
  await page.keyboard.press("Escape");
  await find.mode("Instance").click();
  await find.main
    .getByRole("status")
    .filter({ hasText: /by instance/ })
    .waitFor();
  await shoot("find-instance");
  await find.query.getByRole("button", { name: /^Usual/ }).click();
  await find.main.getByText("Adjusted score").waitFor();
  await shoot("find-look-past");
  await find.query.getByRole("button", { name: "Switch off" }).click();
  await find.mode("Style").click();
  await find.main
    .getByRole("status")
    .filter({ hasText: /in style/ })
    .waitFor();
  await app.open("Library");
  await library.filter.fill("");
  await library.facet("Landscape").click();
  await library.facet("WEBP").click();
  await library.main.getByRole("button", { name: "Clear", exact: true }).waitFor();
  await app.open("Find");
  const switched = find.query.getByRole("switch", { name: "Filter of the Library" });
  await switched.click();
  await find.main
    .getByRole("status")
    .filter({ hasText: /in style/ })
    .waitFor();
  await shoot("find-filter");
  await switched.click();
  await app.open("Library");
  await library.main.getByRole("button", { name: "Clear", exact: true }).click();
  await app.open("Find");
  await find.matchCount.waitFor();
}

async function shootCompare(app: AppWindow, shoot: Shoot): Promise<void> {
  const find = new FindPage(app);
  const compare = new ComparePage(app);
  const { page } = app;
  await find.tiles.nth(1).dblclick();
  await compare.map("A").waitFor();
  await compare.clickAt("A", 0.4, 0.5);
  await page.mouse.move(5, 5);
  await shoot("compare");
  await compare.view("Agreement").click();
  await shoot("compare-agreement");
  await compare.main.getByRole("button", { name: "Table" }).click();
  await shoot("compare-table");
  await compare.main.getByRole("button", { name: "Table" }).click();
  await compare.view("Matches").click();
  await shoot("compare-matches");
  await app.select(compare.settings.getByRole("combobox", { name: "Metric" }), /instance/);
  await compare.foreground.click();
  await compare.mask("B").waitFor();
  await shoot("compare-foreground");
  await compare.settings
    .getByRole("button", { name: /^Edit the mask/ })
    .first()
    .click();
  await compare.maskEditor.canvas.press("ArrowUp");
  await shoot("mask-editor");
  await page.keyboard.press("Escape");
  await compare.foreground.click();
  await compare.layout("Slider").click();
  await shoot("compare-slider");
  await compare.layout("Side by side").click();
  await app.open("Library");
  await page.reload(); // Compare forgets its last pair.
  await app.open("Compare");
  await page.getByText("Choose two pictures").waitFor();
  await shoot("compare-empty");
}

async function shootConsistency(app: AppWindow, shoot: Shoot): Promise<void> {
  const consistency = new ConsistencyPage(app);
  const { page } = app;
  await app.open("Consistency");
  await consistency.trySample.waitFor();
  await shoot("consistency-empty");
  await consistency.trySample.click();
  await consistency.counts.waitFor({ timeout: 60_000 });
  await consistency.column("Undecided").getByRole("gridcell").first().click();
  await page.keyboard.press("x");
  await app.notice("rejected").waitFor();
  await shoot("consistency");
  await page.keyboard.press("z");
  await shoot("consistency-side-by-side");
  await page.keyboard.press("z");
  await consistency.setup.getByRole("button", { name: "Both" }).click();
  await consistency.main.getByRole("combobox", { name: "Scores shown" }).waitFor();
  await shoot("consistency-both");
}

async function shootTrust(app: AppWindow, shoot: Shoot): Promise<void> {
  const trust = new TrustPage(app);
  const { page } = app;
  await app.open("Trust");
  await trust.set("Sample library, subject").waitFor();
  await shoot("trust-not-run");
  await trust.set("Sample library, style").click();
  await trust.run.click();
  await trust.main.getByRole("button", { name: "Run again" }).waitFor({ timeout: 120_000 });
  await trust.triplets.getByText(/^1 of /).waitFor();
  await shoot("trust");
  await trust.main.getByText("Do the devices score alike?").scrollIntoViewIfNeeded();
  await shoot("trust-calibration");
  await trust.judge.click();
  await trust.judging.getByRole("button", { name: /^Left: / }).waitFor();
  await shoot("trust-judge");
  await page.keyboard.press("Escape");
}

async function main(): Promise<void> {
  const [outFolder, ...names] = process.argv.slice(2);
  if (outFolder === undefined) throw new Error("Name the folder for the pictures: npx tsx tests/e2e/screenshots.ts OUT_DIR");
  await mkdir(outFolder, { recursive: true });
  const folder = await temporaryFolder("screenshots");
  const homePath = join(folder, "home");
  const drawings = await writeOwnPictures(homePath);
  await copyFile(join(drawings, "ada.png"), join(drawings, "sketches", "old", "ada-again.png"));
  const host = await startHost({ libraryPath: join(folder, "library"), homePath });
  const browser = await chromium.launch({
    ...(process.env["SEMBLANCE_CHROMIUM"] ? { executablePath: process.env["SEMBLANCE_CHROMIUM"] } : {}),
    args: ["--disable-gpu", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
  });
  try {
    const page = await browser.newPage({ viewport: sizes[0], colorScheme: "dark", reducedMotion: "reduce" });
    await page.goto(host.address);
    const app = new AppWindow(page);
    const shoot = shooter(page, outFolder, names);
    for (const part of [shootFirstRun, shootLibrary, shootDuplicates, shootWindows, shootFind, shootCompare, shootConsistency, shootTrust])
      await part(app, shoot);
  } finally {
    await browser.close();
    await host.stop();
    await deleteFolder(folder);
  }
}

await main();
