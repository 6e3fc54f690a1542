/** @file What the metrics say of a candidate, and the candidates on which they disagree, decided on one after the other. */
import { axeFindings } from "../fixtures/axe-findings";
import { expect, test } from "../fixtures/headless-host";
import { ConsistencyPage } from "../pages/consistency-page";

test.use({ startsWith: "sample" });

test("disagreements are gone through by keyboard, and a verdict there is kept", async ({ app }) => {
  const consistency = new ConsistencyPage(app);
  const { page } = app;
  const side = app.work("Consistency").getByRole("group", { name: "What the metrics say" });
  const queue = side.getByRole("group", { name: "Disagreements" });
  const left = async (): Promise<number> => Number(/\d+/.exec((await queue.getByRole("status").textContent()) ?? "")?.[0]);

  await app.open("Consistency");
  await consistency.trySample.click();
  // All candidates and impostors are measured before it.
  await expect(queue).toBeVisible({ timeout: 120_000 });
  expect(await axeFindings(page)).toEqual([]);

  await test.step("each metric says yes or no by its own cut-off", async () => {
    await expect(side.getByText("Not measured: DiffSim, CLIP, DINOv2.")).toBeVisible();
    await queue.getByRole("button", { name: "Next disagreement" }).click();
    const rows = side.getByRole("row");
    await expect(rows).toHaveCount(3);
    await expect(rows.getByRole("img")).toHaveCount(2);
    await expect(side.getByText("Half say yes and half say no.")).toBeVisible();
  });

  await test.step("X there keeps the verdict and goes on to the next; Undo takes it back", async () => {
    const before = await left();
    const first = (await consistency.selected.getAttribute("aria-label")) ?? "";
    const name = first.split(",")[0] ?? "";
    await queue.getByRole("button", { name: "Next disagreement" }).press("x");
    await expect.poll(left).toBe(before - 1);
    await expect(consistency.column("Rejected").getByRole("gridcell", { name: `${name},` })).toHaveAttribute("aria-label", /by hand/);
    await expect(consistency.selected).not.toHaveAttribute("aria-label", first);
    await page.reload();
    await expect.poll(left).toBe(before - 1);
    await consistency.tile(name).click();
    await page.keyboard.press("u");
    await page.keyboard.press("Control+z");
    await expect(consistency.tile(name)).toHaveAttribute("aria-label", /by hand/);
  });

  await test.step("Compare opens the candidate with its nearest reference", async () => {
    await queue.getByRole("button", { name: "Next disagreement" }).click();
    const name = ((await consistency.selected.getAttribute("aria-label")) ?? "").split(",")[0] ?? "";
    await queue.getByRole("button", { name: "Compare" }).click();
    await expect(app.work("Compare").getByText(name).first()).toBeVisible();
  });
});
