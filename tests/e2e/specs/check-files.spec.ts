/** @file A split is written down and its accepted are copied: the report as a file, the copies beside nothing else, and Undo. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { axeFindings } from "../fixtures/axe-findings";
import { expect, test } from "../fixtures/headless-host";
import { ConsistencyPage } from "../pages/consistency-page";

test.use({ startsWith: "sample" });

test("the report is a file, and the accepted are copied and taken back", async ({ app, homePath }) => {
  const consistency = new ConsistencyPage(app);
  const { page } = app;
  await app.open("Consistency");
  await consistency.trySample.click();
  await expect(consistency.counts).toBeVisible();

  await test.step("a report of what is on screen", async () => {
    await consistency.main.getByRole("button", { name: "Export report" }).click();
    const dialog = page.getByRole("dialog", { name: "Export report" });
    await expect(dialog.getByText(/It needs no network/)).toBeVisible();
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByRole("textbox", { name: "Title of the report" }).fill("Mira, first try");
    const download = page.waitForEvent("download");
    await dialog.getByRole("button", { name: "Export", exact: true }).click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^mira-first-try-.*\.html$/);
    expect(await readFile(await file.path(), "utf8")).toContain("<h1>Mira, first try</h1>");
  });

  await test.step("the accepted are copied beside what lies there, and Undo removes just them", async () => {
    const picked = join(homePath, "picked");
    await mkdir(picked);
    await writeFile(join(picked, "notes.txt"), "mine");
    const [accepted = 0] = [...((await consistency.counts.textContent()) ?? "").matchAll(/\d+/g)].map(Number);
    expect(accepted).toBeGreaterThan(0);
    await consistency.main.getByRole("button", { name: "Copy accepted..." }).click();
    const picker = page.getByRole("dialog", { name: "Copy accepted to" });
    await picker.getByRole("option", { name: "picked" }).dblclick();
    await expect(picker.getByRole("textbox", { name: "Path" })).toHaveValue(/picked$/);
    await picker.getByRole("button", { name: "Copy here" }).click();
    const dialog = page.getByRole("dialog", { name: "Copy accepted" });
    await dialog.getByRole("button", { name: /^Copy \d+ images?$/ }).click();
    await expect(app.notice(/images? copied/)).toBeVisible();
    expect(await readdir(picked)).toHaveLength(accepted + 1);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect.poll(() => readdir(picked)).toEqual(["notes.txt"]);
  });

  await test.step("the rejected can be moved, after a look at what leaves its folder; the bundled pictures never are", async () => {
    await consistency.main.getByRole("button", { name: "More with the files" }).click();
    await page.getByRole("menuitem", { name: "Move rejected..." }).click();
    const picker = page.getByRole("dialog", { name: "Move rejected to" });
    await picker.getByRole("option", { name: "picked" }).dblclick();
    await picker.getByRole("button", { name: "Move here" }).click();
    const dialog = page.getByRole("dialog", { name: "Move rejected" });
    await expect(dialog.getByText(/belongs to the sample library/).first()).toBeVisible();
    await expect(dialog.getByRole("button", { name: "Move 0 images" })).toBeDisabled();
  });
});
