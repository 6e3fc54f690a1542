/** @file A character checked: opened from the sample, cut-offs moved, culled by keyboard, and found again; nothing axe would complain of. */
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { axeFindings } from "../fixtures/axe-findings";
import { dropPaths } from "../fixtures/drop-paths";
import { expect, test } from "../fixtures/headless-host";
import { sampleFolder } from "../fixtures/host-process";
import { ConsistencyPage } from "../pages/consistency-page";

test.use({ startsWith: "sample" });

/** "3 accepted, 10 undecided, 2 rejected" as numbers. */
async function countsOf(consistency: ConsistencyPage): Promise<readonly number[]> {
  const text = await consistency.counts.textContent();
  return [...(text ?? "").matchAll(/\d+/g)].map(Number);
}

test("the sample's character is checked and culled by keyboard", async ({ app }) => {
  const consistency = new ConsistencyPage(app);
  const { page } = app;

  await test.step("the empty screen offers the sample's character", async () => {
    await app.open("Consistency");
    await expect(consistency.trySample).toBeVisible();
    await consistency.trySample.click();
    await expect(consistency.counts).toBeVisible();
    await expect(consistency.references).toHaveCount(5);
    expect((await countsOf(consistency)).reduce((sum, count) => sum + count, 0)).toBe(15);
    await expect(consistency.setup.getByText(/^Best impostor of/)).toBeVisible();
    expect(await axeFindings(page)).toEqual([]);
  });

  await test.step("a handle moves by keys and by number, never past the other, and Undo brings it back", async () => {
    const suggested = await countsOf(consistency);
    await consistency.handle("Accept from").focus();
    await page.keyboard.press("End");
    await expect.poll(async () => (await countsOf(consistency))[0]).toBe(0);
    await consistency.handle("Reject below").focus();
    await page.keyboard.press("End");
    const accept = await consistency.handle("Accept from").getAttribute("aria-valuenow");
    await expect(consistency.handle("Reject below")).toHaveAttribute("aria-valuenow", accept ?? "");
    await consistency.useSuggested.click();
    await expect.poll(() => countsOf(consistency)).toEqual(suggested);
  });

  await test.step("P and X decide and go on to the next candidate; Ctrl Z takes back", async () => {
    await consistency.column("Undecided").getByRole("gridcell").first().click();
    const first = (await consistency.selected.getAttribute("aria-label")) ?? "";
    const name = first.split(",")[0] ?? "";
    await page.keyboard.press("x");
    await expect(consistency.column("Rejected").getByRole("gridcell", { name: `${name},` })).toHaveAttribute("aria-label", /by hand/);
    await expect(consistency.selected).not.toHaveAttribute("aria-label", first);
    await expect(consistency.selected).toBeFocused();
    await page.keyboard.press("Control+z");
    await expect(consistency.column("Undecided").getByRole("gridcell", { name: `${name},` })).toBeVisible();
    await page.keyboard.press("p");
    await expect(consistency.column("Accepted").getByRole("gridcell", { name: /by hand/ })).toHaveCount(1);
  });

  await test.step("Z shows the nearest reference beside it, Enter opens both in Compare, and the way back finds the same check", async () => {
    const counts = await countsOf(consistency);
    const selected = (await consistency.selected.getAttribute("aria-label")) ?? "";
    await page.keyboard.press("z");
    await expect(consistency.sideBySide.getByRole("img")).toHaveCount(2);
    await page.keyboard.press("z");
    await expect(consistency.selected).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(
      app
        .work("Compare")
        .getByText(selected.split(",")[0] ?? "")
        .first(),
    ).toBeVisible();
    await app.open("Consistency");
    await expect(consistency.selected).toHaveAttribute("aria-label", selected);
    expect(await countsOf(consistency)).toEqual(counts);
  });

  await test.step("a link opens the same check, verdicts by hand included", async () => {
    const counts = await countsOf(consistency);
    await expect(page).toHaveURL(/refs=/);
    await page.reload();
    await expect.poll(() => countsOf(consistency)).toEqual(counts);
  });
});

test("a folder is taken from the Library, a board keeps the references", async ({ app, library }) => {
  const consistency = new ConsistencyPage(app);
  const { page } = app;
  await (await library.show("mira-01.webp")).click();
  await page.keyboard.press("k");
  await page.getByRole("dialog").getByRole("button", { name: "References" }).click();
  await expect(consistency.references).toHaveCount(1);
  await consistency.setup.getByRole("button", { name: "Add", exact: true }).click();
  await consistency.chooser.getByRole("textbox", { name: "Find by file name" }).fill("mira-0");
  for (const name of ["mira-04.webp", "mira-08.webp"]) await consistency.chooser.getByRole("button", { name }).click();
  await consistency.chooser.getByRole("button", { name: /^Add 3/ }).click();
  await expect(consistency.references).toHaveCount(3);

  await consistency.setup.getByRole("button", { name: "Boards" }).click();
  await page.getByRole("menuitem", { name: "Save as board..." }).click();
  await page.getByRole("textbox", { name: "Name of the board" }).fill("Mira");
  await page.getByRole("button", { name: "Save 3 references" }).click();
  await expect(app.notice("Board Mira saved")).toBeVisible();

  await app.open("Library");
  await library.folder("Sample library").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Check this folder" }).click();
  // The colour of the whole library is measured first.
  await expect(consistency.counts).toBeVisible({ timeout: 60_000 });
  await expect(consistency.references).toHaveCount(3);
  await expect(consistency.main.getByRole("heading", { level: 2 })).toHaveText(/^Mira, /);
  expect((await countsOf(consistency)).reduce((sum, count) => sum + count, 0)).toBe(161);
});

test("a folder that is dropped on the right half of the columns is checked against the references", async ({ app, host }) => {
  const consistency = new ConsistencyPage(app);
  const folder = join(host.homePath, "new renderings");
  await mkdir(folder);
  for (const name of ["mira-05.webp", "mira-15.webp", "mira-16.webp"]) await cp(join(sampleFolder, name), join(folder, name));
  await app.open("Consistency");
  await consistency.trySample.click();
  await expect(consistency.references).toHaveCount(5);
  await expect(consistency.counts).toBeVisible();
  await dropPaths(app.page, [folder], { x: 900, y: 500 });
  await expect.poll(async () => (await countsOf(consistency)).reduce((sum, count) => sum + count, 0)).toBe(3);
  await expect(consistency.references).toHaveCount(5);
  await expect(consistency.tile("mira-16.webp")).toBeVisible();
});
