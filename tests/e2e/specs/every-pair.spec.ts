/** @file The side panel of Consistency: every pair by keyboard and on to Compare, and the weight from which a LoRA shows something else. */
import { join } from "node:path";
import { writeLoraTest } from "../../support/generated-pictures";
import { expect, test } from "../fixtures/headless-host";
import { sampleFolder } from "../fixtures/host-process";
import { ConsistencyPage } from "../pages/consistency-page";

test.use({ startsWith: "sample" });

test("a LoRA test is read pair by pair and by weight", async ({ app, library, homePath }) => {
  const count = await writeLoraTest(join(homePath, "LoRA test"), sampleFolder);
  const consistency = new ConsistencyPage(app);
  const { page } = app;
  const panel = consistency.main.getByRole("region", { name: "Matrix and groups" });
  const pairs = panel.getByRole("group", { name: "Every pair" });
  const matrix = pairs.getByRole("application", { name: /^Scores of/ });
  await app.runCommand("Add folder...");
  await library.picker.getByRole("option", { name: "LoRA test" }).dblclick();
  await expect(library.picker.getByRole("textbox", { name: "Path" })).toHaveValue(/LoRA test$/);
  await library.picker.getByRole("button", { name: "Add this folder" }).click();
  await expect(library.folder("LoRA test")).toContainText(String(count), { timeout: 60_000 });
  await app.open("Consistency");
  await consistency.trySample.click();
  await app.select(consistency.setup.getByRole("combobox", { name: "Folder to check" }), "LoRA test");
  await expect(consistency.tile("w0.5-1.png")).toBeVisible({ timeout: 60_000 });

  await test.step("keys move over the matrix, T shows a table, Enter opens the pair in Compare and Back leads back", async () => {
    await expect(pairs.getByText(/^(pictures measured|pairs scored)$/)).toHaveCount(0);
    await matrix.focus();
    await page.keyboard.press("Home");
    await expect(pairs.getByText(/ and Reference 1$/)).toBeVisible();
    await page.keyboard.press("ArrowRight");
    await expect(pairs.getByText(/ and Reference 2$/)).toBeVisible();
    await page.keyboard.press("t");
    await expect(pairs.getByRole("table").getByRole("row")).toHaveCount(count + 5);
    await pairs.getByRole("button", { name: "Table" }).click();
    await matrix.focus();
    await page.keyboard.press("Enter");
    await expect(app.work("Compare")).toBeVisible();
    await page.goBack();
    await expect(matrix).toBeVisible();
  });

  await test.step("the plot says from which weight it is something else, and a weight shows its pictures alone", async () => {
    const groups = panel.getByRole("group", { name: "By generation data" });
    await expect(groups.getByText(/^LoRA weight\. /)).toBeVisible();
    await groups.getByRole("button", { name: /^1\.1: mean/ }).click();
    await expect(consistency.candidates).toHaveCount(3);
    await expect(consistency.tile("w1.1-2.png")).toBeVisible();
    await consistency.main.getByRole("button", { name: "Show all candidates" }).click();
    await expect(consistency.candidates).toHaveCount(count);
  });
});
