/** @file Trust: the labels of the sample pictures run and browsed, a dataset added, own triplets judged and run, what was found exported. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeNights } from "../../support/benchmark-sets";
import { folderState } from "../../support/folder-state";
import { axeFindings } from "../fixtures/axe-findings";
import { expect, test } from "../fixtures/headless-host";
import { TrustPage } from "../pages/trust-page";

test.use({ startsWith: "sample" });

test("sets are run, browsed, judged and exported", async ({ app, homePath }) => {
  const dataset = join(homePath, "nights");
  await writeNights(dataset);
  const before = await folderState(dataset);
  const trust = new TrustPage(app);
  const { page } = app;
  await app.open("Trust");

  await test.step("the sample set says that its truth is labels, and is run", async () => {
    await trust.set("Sample library, subject").click();
    await expect(trust.main.getByText("No people were asked.")).toBeVisible();
    await trust.run.click();
    await expect(trust.main.getByRole("button", { name: "Run again" })).toBeVisible({ timeout: 90_000 });
    await expect(trust.accuracy.getByRole("img", { name: /% right, \d+ of 160, 95 % interval/ })).toHaveCount(2);
  });

  await test.step("triplets on which the metrics disagree are walked through, and opened in Compare", async () => {
    await app.select(trust.triplets.getByRole("combobox"), "All triplets");
    await expect(trust.triplets.getByText(/^1 of \d+$/)).toBeVisible();
    await page.keyboard.press("j");
    await expect(trust.triplets.getByText(/^2 of \d+$/)).toBeVisible();
    await trust.main.getByRole("button", { name: /^Right: Starter: subject: \d+ triplets?$/ }).click();
    await expect(trust.triplets.getByText("Labels say", { exact: false })).toContainText("Starter: style chose");
    await trust.triplets.getByRole("button", { name: "Open in Compare" }).click();
    await expect(app.work("Compare")).toBeVisible();
    await app.open("Trust");
    await expect(trust.set("Sample library, subject")).toHaveAttribute("aria-current", "true");
  });

  await test.step("a dataset is recognised, added and run; its pictures are shown", async () => {
    await trust.sets.getByRole("button", { name: "Add a dataset folder" }).click();
    const picker = page.getByRole("dialog", { name: "Choose the folder of a dataset" });
    await picker.getByRole("option", { name: "nights" }).dblclick();
    await expect(picker.getByRole("textbox", { name: "Path" })).toHaveValue(/nights$/);
    await picker.getByRole("button", { name: "Choose this folder" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a set of judgements" });
    await expect(dialog.getByText("5 triplets.")).toBeVisible();
    await dialog.getByRole("button", { name: "Add set" }).click();
    await expect(trust.set("NIGHTS")).toHaveAttribute("aria-current", "true");
    await trust.run.click();
    await expect(trust.main.getByRole("button", { name: "Run again" })).toBeVisible();
    await app.select(trust.triplets.getByRole("combobox"), "All triplets");
    await expect(trust.triplets.getByRole("img", { name: "000.png" })).toHaveJSProperty("complete", true);
  });

  await test.step("two own triplets are judged by arrows and run at once from what is measured", async () => {
    await trust.judge.click();
    await expect(trust.judging.getByRole("button", { name: /^Left: / })).toBeVisible();
    await page.keyboard.press("ArrowLeft");
    await expect(trust.main.getByText("1 answer in this sitting")).toBeVisible();
    await page.keyboard.press("ArrowRight");
    await expect(trust.main.getByText("2 answers in this sitting")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(trust.set("My judgements")).toHaveAttribute("aria-current", "true");
    await trust.run.click();
    await expect(trust.accuracy.getByRole("img", { name: /of 2, 95 % interval/ })).toHaveCount(2);
  });

  await test.step("the decisions are a table that tune reads", async () => {
    const download = page.waitForEvent("download");
    await trust.main.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem", { name: "Every triplet as CSV" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe("semblance-my-judgements.csv");
    const [heading, ...rows] = (await readFile(await file.path(), "utf8")).trim().split("\r\n");
    expect(heading).toMatch(/^reference,a,b,choice,prompt,group,starter-style a,/);
    expect(rows).toHaveLength(2);
  });

  expect(await folderState(dataset)).toEqual(before);
});

test("a result and a triplet to judge have no serious complaint of axe", async ({ app }) => {
  const trust = new TrustPage(app);
  await app.open("Trust");
  await trust.set("Sample library, style").click();
  await trust.run.click();
  await expect(trust.main.getByRole("button", { name: "Run again" })).toBeVisible({ timeout: 90_000 });
  await app.select(trust.triplets.getByRole("combobox"), "All triplets");
  await expect(trust.triplets.getByText("Labels say", { exact: false })).toBeVisible();
  expect(await axeFindings(app.page)).toEqual([]);
  await trust.judge.click();
  await expect(trust.judging.getByRole("button", { name: /^Left: / })).toBeVisible();
  expect(await axeFindings(app.page)).toEqual([]);
});
