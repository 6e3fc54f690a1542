/** @file What may go wrong around the page: a dead engine, a reload, a stolen address; and that nothing ever leaves the machine. */
import { expect, test } from "../fixtures/headless-host";
import { sampleCount, samplePictures, styleOf } from "../fixtures/sample-pictures";

test.describe("on a measured library", () => {
  test.use({ startsWith: "sample" });

  test("a dead engine is said, started again, and everything is still there", async ({ app, host, library, find, watch }) => {
    watch.expectComplaints(/WebSocket|ERR_|status of 50\d/);
    await expect(library.tiles.first()).toBeVisible();
    host.killEngine();
    const banner = app.page.getByRole("status").filter({ hasText: "The engine stopped and was started again." });
    await expect(banner).toBeVisible();
    await expect(library.main.getByRole("status").filter({ hasText: `${sampleCount} images` })).toBeVisible();
    await (await library.show("fish--riso.webp")).click();
    await library.findSimilar.click();
    await find.answered("in style");
    expect(styleOf((await find.found())[0]?.name ?? "")).toBe("riso");
    await banner.getByRole("button", { name: "Dismiss" }).click();
    await expect(banner).toBeHidden();
  });

  test("a reload keeps the place in every workspace", async ({ app, library, find, compare }) => {
    const { page } = app;
    await library.folder("Sample library").click();
    await library.filter.fill("vase--");
    await expect(library.tiles).toHaveCount(12);
    await app.select(library.sort, "Name");
    const byName = samplePictures.flatMap(({ file, subject }) => (subject === "vase" ? [file] : [])).toSorted();
    await expect.poll(() => library.names()).toEqual(byName);
    await page.reload();
    await expect.poll(() => library.names()).toEqual(byName);
    await expect(library.filter).toHaveValue("vase--");
    await expect(library.main.getByRole("heading", { level: 1 })).toHaveText("Sample library");

    await library.tile("vase--pixel.webp").click();
    await library.findSimilar.click();
    await find.answered("in style");
    await find.askAnew(() => find.mode("Instance").click(), "by instance");
    const found = await find.found();
    await page.reload();
    await find.answered("by instance");
    expect(await find.found()).toEqual(found);
    await expect(find.card("vase--pixel.webp")).toBeVisible();

    await find.tiles.nth(1).dblclick();
    await expect(compare.map("A")).toBeVisible();
    await compare.view("Agreement").click();
    await compare.view("Similarity").click();
    await compare.clickAt("A", 0.3, 0.3);
    await expect(page).toHaveURL(/tile=a:/);
    await page.reload();
    await expect(compare.reading("Pinned tile")).toBeVisible();
    await expect(compare.pane("A")).toContainText("vase--pixel.webp");
  });

  test("the one-time address opens once; without its cookie nothing is served", async ({ app, host, library, browser }) => {
    await expect(library.tiles.first()).toBeVisible();
    const stranger = await browser.newContext();
    const { origin } = new URL(app.page.url());
    for (const address of [host.address, `${origin}/`, `${origin}/media/thumbnail/0?size=256`]) {
      const answer = await stranger.request.get(address);
      expect(answer.status()).toBe(401);
      expect(await answer.text()).toContain("Take a fresh address from the terminal.");
    }
    await stranger.close();
    await app.page.goto(host.address);
    await expect(library.tiles.first()).toBeVisible();
  });

  test("no request leaves the machine, whatever is opened", async ({ app, host, library, find, compare, watch }) => {
    await (await library.show("bird--chalk.webp")).click();
    await app.page.getByRole("button", { name: "Offline" }).click();
    await expect(app.page.getByText("No network requests have been made.")).toBeVisible();
    await app.page.keyboard.press("Escape");
    await library.findSimilar.click();
    await find.answered("in style");
    await find.tiles.first().dblclick();
    await expect(compare.map("A")).toBeVisible();
    expect([...watch.hosts]).toEqual([new URL(host.address).host]);
    const foreign = app.page.evaluate(() =>
      fetch("https://example.org/").then(
        () => "reached",
        () => "refused",
      ),
    );
    watch.expectComplaints(/Content Security Policy|example\.org/);
    expect(await foreign).toBe("refused");
    expect([...watch.hosts]).toEqual([new URL(host.address).host]);
  });
});

test("an engine that dies while it indexes goes on where it was", async ({ app, host, firstRun, library, watch }) => {
  watch.expectComplaints(/WebSocket|ERR_|status of 50\d/);
  await firstRun.openSample.click();
  await expect(library.tiles.first()).toBeVisible();
  await expect(app.statusBar.getByRole("progressbar", { name: "Indexing library" })).toBeVisible();
  host.killEngine();
  await expect(app.page.getByText("The engine stopped and was started again.")).toBeVisible();
  await app.runCommand("Look for new and changed files");
  await expect(app.statusBar.getByText(`${sampleCount} images`)).toBeVisible({ timeout: 60_000 });
  await expect(library.main.getByRole("gridcell", { name: /not measured yet/ })).toHaveCount(0);
});
