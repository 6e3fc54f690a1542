/** @file The main job by mouse: from the first start to the reason why two pictures are alike. */
import { expect, test } from "../fixtures/headless-host";
import { sampleCount, styleOf } from "../fixtures/sample-pictures";

test("first run, sample library, find by style in two clicks, compare", async ({ app, firstRun, library, find, compare }) => {
  await expect(firstRun.heading).toBeVisible();
  await firstRun.openSample.click();

  await test.step("the grid appears while indexing runs to its end", async () => {
    await expect(library.tiles.first()).toBeVisible();
    await expect(app.statusBar.getByRole("progressbar")).toBeVisible();
    await expect(app.statusBar.getByText(`${sampleCount} images`)).toBeVisible({ timeout: 60_000 });
    await expect(app.statusBar.getByRole("progressbar")).toBeHidden();
    await expect(library.folder("Sample library")).toContainText(String(sampleCount));
    await expect(library.main.getByRole("gridcell", { name: /not measured yet/ })).toHaveCount(0);
  });

  await test.step("two clicks find what is drawn alike", async () => {
    const picture = await library.show("cat--woodcut.webp");
    await picture.click();
    await library.findSimilar.click();
    await expect(find.matchCount).toHaveText(/^[1-9]\d* match(es)? in style$/);
    await expect(find.cards).toHaveCount(1);
    await expect(find.card("cat--woodcut.webp")).toBeVisible();
    const found = (await find.found()).slice(0, 8);
    expect(found.map(({ name }) => styleOf(name))).toEqual(Array.from({ length: 8 }, () => "woodcut"));
    expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).toSorted((a, b) => b - a));
  });

  await test.step("the best match opens in Compare, with a map over each picture", async () => {
    const best = (await find.found())[0]?.name ?? "";
    await find.tile(best).click();
    await expect(find.why.getByRole("heading", { name: best })).toBeVisible();
    await find.why.getByRole("button", { name: "Compare" }).click();
    await expect(compare.pane("A")).toContainText("cat--woodcut.webp");
    await expect(compare.pane("B")).toContainText(best);
    await expect(compare.score).toContainText(/0\.\d{3}/);
    await expect(compare.map("A")).toBeVisible();
    expect(await compare.colours("A")).toBeGreaterThan(20);
    expect(await compare.colours("B")).toBeGreaterThan(20);
  });

  await test.step("a pinned tile shows its best match, and the table has the numbers", async () => {
    await expect(compare.reading("Most alike tile")).toBeVisible();
    await compare.clickAt("A", 0.4, 0.5);
    await app.page.mouse.move(5, 5);
    await expect(compare.reading("Pinned tile")).toBeVisible();
    await expect(compare.pane("B")).toContainText(/best match\s*0\.\d\d/);
    expect(new URL(app.page.url()).hash).toContain("tile=a:");
    await compare.main.getByRole("button", { name: "Table" }).click();
    await expect(compare.table.getByRole("row", { name: /cat--woodcut\.webp \d\.\d{3} \d\.\d{3}/ })).toBeVisible();
    await expect(compare.table.getByRole("table", { name: "Most alike tiles" }).getByRole("row")).toHaveCount(21);
  });
});
