/** @file Compare: what is read follows the pointer, stays when pinned, and is there as text. */
import { expect, test } from "../fixtures/headless-host";
import type { ComparePage } from "../pages/compare-page";
import type { LibraryPage } from "../pages/library-page";

test.use({ startsWith: "sample" });

const pictureA = "cat--woodcut.webp";
const pictureB = "cat--ink.webp";

async function openPair(library: LibraryPage, compare: ComparePage): Promise<void> {
  await library.filter.fill("cat--");
  await library.tile(pictureA).click();
  await library.tile(pictureB).click({ modifiers: ["ControlOrMeta"] });
  await library.app.page.keyboard.press("c");
  await expect(compare.map("A")).toBeVisible();
  await expect(compare.map("B")).toBeVisible();
  await expect(compare.score).toContainText(/\d\.\d{3}/);
}

test("the map follows the pointer, and goes back to the most alike tile", async ({ app, library, compare }) => {
  await openPair(library, compare);
  await expect(compare.reading("Most alike tile")).toBeVisible();
  const atRest = await compare.fingerprint("B");
  await compare.pointAt("A", 0.15, 0.15);
  await expect(compare.reading("Tile under the pointer")).toBeVisible();
  await expect(compare.settings.getByText(`Column 3, row 3 of ${pictureA}`)).toBeVisible();
  const inCorner = await compare.fingerprint("B");
  expect(inCorner).not.toBe(atRest);
  await compare.pointAt("A", 0.55, 0.85);
  await expect.poll(() => compare.fingerprint("B")).not.toBe(inCorner);
  await compare.pointAt("B", 0.5, 0.5);
  await expect(compare.settings.getByText(new RegExp(`^Column \\d+, row \\d+ of ${pictureB}`))).toBeVisible();
  await app.page.mouse.move(5, 5);
  await expect(compare.reading("Most alike tile")).toBeVisible();
  expect(await compare.fingerprint("B")).toBe(atRest);
});

test("a pinned tile survives views and metrics, moves with a swap, and Esc lets it go", async ({ app, library, compare }) => {
  await openPair(library, compare);
  await compare.clickAt("A", 0.15, 0.15);
  await app.page.mouse.move(5, 5);
  await expect(compare.reading("Pinned tile")).toBeVisible();
  await expect(app.page).toHaveURL(/tile=a:/);
  const pinned = await compare.fingerprint("B");

  await compare.view("Agreement").click();
  await expect.poll(() => compare.fingerprint("B")).not.toBe(pinned);
  await compare.view("Matches").click();
  await expect(compare.map("A")).toBeHidden();
  await compare.view("Similarity").click();
  await expect(compare.reading("Pinned tile")).toBeVisible();
  expect(await compare.fingerprint("B")).toBe(pinned);

  await app.select(compare.settings.getByRole("combobox", { name: "Metric" }), /instance/);
  await expect(app.page).toHaveURL(/metric=starter-subject/);
  await expect(compare.reading("Pinned tile")).toBeVisible();
  await expect.poll(() => compare.fingerprint("B")).not.toBe(pinned);
  await app.select(compare.settings.getByRole("combobox", { name: "Metric" }), /style/);
  await expect.poll(() => compare.fingerprint("B")).toBe(pinned);

  await compare.main.getByRole("button", { name: "Swap" }).click();
  await expect(compare.pane("A")).toContainText(pictureB);
  await expect(app.page).toHaveURL(/tile=b:/);
  await expect(compare.settings.getByText(`Column 3, row 3 of ${pictureA}`)).toBeVisible();
  await compare.picture("A").focus();
  await app.page.keyboard.press("Escape");
  await expect(compare.reading("Most alike tile")).toBeVisible();
  await expect(app.page).not.toHaveURL(/tile=/);
});

test("opacity, range and surround change how it is shown, not what is read", async ({ app, library, compare }) => {
  await openPair(library, compare);
  await expect(compare.map("A")).toHaveCSS("opacity", "0.64");
  await compare.picture("A").focus();
  await app.page.keyboard.press(",");
  await expect(compare.map("A")).toHaveCSS("opacity", "0.54");
  await app.page.keyboard.press(".");
  await app.page.keyboard.press(".");
  await expect(compare.map("B")).toHaveCSS("opacity", "0.74");
  await compare.opacity.focus();
  await app.page.keyboard.press("Home");
  await expect(compare.map("A")).toHaveCSS("opacity", "0");
  const fitted = await compare.fingerprint("A");
  await app.select(compare.settings.getByRole("combobox", { name: "Range" }), "Fixed scale");
  await expect.poll(() => compare.fingerprint("A")).not.toBe(fitted);
});

test("the wheel zooms both pictures while they are linked, 0 fits them again", async ({ app, library, compare }) => {
  await openPair(library, compare);
  const width = async (side: "A" | "B"): Promise<number> => (await compare.map(side).boundingBox())?.width ?? 0;
  const [fittedA, fittedB] = [await width("A"), await width("B")];
  await compare.pointAt("A", 0.5, 0.5);
  await app.page.mouse.wheel(0, -480);
  await expect.poll(() => width("A")).toBeGreaterThan(fittedA * 2);
  expect(await width("B")).toBeGreaterThan(fittedB * 2);
  await compare.picture("A").focus();
  await app.page.keyboard.press("0");
  await expect.poll(() => width("B")).toBeCloseTo(fittedB, 0);
});

test("slider and flicker show both pictures in one place", async ({ app, library, compare }) => {
  await app.page.emulateMedia({ reducedMotion: "reduce" });
  await openPair(library, compare);
  await compare.layout("Slider").click();
  const divider = compare.main.getByRole("slider", { name: "Divider between A and B" });
  await expect(divider).toHaveAttribute("aria-valuenow", "50");
  await divider.focus();
  await app.page.keyboard.press("ArrowRight");
  await expect(divider).toHaveAttribute("aria-valuenow", "52");

  await compare.layout("Flicker").click();
  await expect(compare.main.getByRole("img", { name: pictureA, exact: true })).toBeVisible();
  await expect(compare.main.getByRole("img", { name: pictureB, exact: true })).toBeHidden();
  await compare.main.getByRole("button", { name: "Show the other picture" }).click();
  await expect(compare.main.getByRole("img", { name: pictureB, exact: true })).toBeVisible();
  await compare.layout("Side by side").click();
  await expect(compare.picture("A")).toBeVisible();
});

test("the table says in numbers what each view shows", async ({ app, library, compare }) => {
  await openPair(library, compare);
  await compare.view("Agreement").click();
  await compare.main.getByRole("button", { name: "Table" }).click();
  const maps = compare.table.getByRole("table", { name: "Maps" });
  await expect(maps.getByRole("row", { name: new RegExp(`${pictureA} 0\\.\\d{3} 0\\.\\d{3}`) })).toBeVisible();
  await expect(maps.getByRole("row", { name: new RegExp(`${pictureB} 0\\.\\d{3} 0\\.\\d{3}`) })).toBeVisible();
  const scores = await compare.table
    .getByRole("table", { name: "Most alike tiles" })
    .getByRole("row")
    .filter({ hasText: pictureA })
    .evaluateAll((rows) => rows.map((row) => Number(row.lastElementChild?.textContent)));
  expect(scores).toHaveLength(10);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  await compare.view("Matches").click();
  const matched = compare.table.getByRole("table", { name: "Matched patches" }).getByRole("row");
  await expect(matched.nth(1)).toContainText(/1\d+, \d+\d+, \d+0\.\d{3}/);
  await app.page.keyboard.press("t");
  await expect(compare.table).toBeHidden();
});

test("the comparison is saved as a picture", async ({ app, library, compare }) => {
  await openPair(library, compare);
  const started = app.page.waitForEvent("download");
  await compare.main.getByRole("button", { name: "Export PNG" }).click();
  expect((await started).suggestedFilename()).toBe("semblance-compare.png");
});

test("without pictures Compare offers the library's; the pair is found again by its tab", async ({ app, library, compare }) => {
  await expect(library.tiles.first()).toBeVisible();
  await app.open("Compare");
  await expect(compare.main.getByRole("heading", { name: "Choose two pictures" })).toBeVisible();
  const offered = compare.main.getByRole("region", { name: "From the library, newest first" }).getByRole("button");
  const names = [await offered.nth(0).getAttribute("title"), await offered.nth(3).getAttribute("title")];
  await offered.nth(0).click();
  await expect(compare.main.getByRole("button", { name: "Remove picture A" })).toBeVisible();
  await compare.main.getByRole("button", { name: "Remove picture A" }).click();
  await expect(compare.main.getByRole("button", { name: "Remove picture A" })).toBeHidden();
  await offered.nth(0).click();
  await offered.nth(3).click();
  await expect(compare.pane("A")).toContainText(names[0] ?? "");
  await expect(compare.pane("B")).toContainText(names[1] ?? "");
  await app.open("Library");
  await app.open("Compare");
  await expect(compare.pane("A")).toContainText(names[0] ?? "");
});
