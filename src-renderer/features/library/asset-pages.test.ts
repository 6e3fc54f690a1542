/** @file Pages are fetched once, when they come into view, and again only after something changed. */
import { expect, test } from "vitest";
import type { AssetId, AssetSummary } from "#shared/domain/asset";
import { brandId } from "#shared/lib/branded-id";
import { AssetPages, pageSize } from "./asset-pages";

function asset(index: number): AssetSummary {
  const id = brandId<AssetId>(index.toString(16).padStart(32, "0"));
  return { id, name: `${index}.png`, width: 300, height: 200, format: "png", isMissing: false, isMeasured: true, rating: null, flag: null };
}

function pagesOver(list: () => readonly AssetSummary[]) {
  const asked: number[] = [];
  const pages = new AssetPages(async (offset, limit) => {
    asked.push(offset);
    return { total: list().length, items: list().slice(offset, offset + limit) };
  });
  return { pages, asked };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const many = Array.from({ length: 1000 }, (_, index) => asset(index));

test("fetches the page of what is needed and nothing else", async () => {
  const { pages, asked } = pagesOver(() => many);
  pages.need(410, 430);
  pages.need(412, 435);
  await settled();
  expect(asked).toEqual([2 * pageSize]);
  expect([pages.total, pages.at(420)?.name, pages.at(5), pages.indexOf(asset(430).id)]).toEqual([1000, "420.png", undefined, 430]);
  expect(pages.aspectOf(420)).toBeCloseTo(1.5);
  expect(pages.aspectOf(5)).toBe(1.25);
});

test("a range across pages comes whole", async () => {
  const { pages } = pagesOver(() => many);
  const assets = await pages.range(150, 450);
  expect(assets.map(({ name }) => name)).toEqual(many.slice(150, 450).map(({ name }) => name));
});

test("a refresh shows the old page until the new one is there, and forgets what is past the end", async () => {
  let list = many;
  const { pages } = pagesOver(() => list);
  await pages.range(0, 1000);
  list = many.slice(100, 250);
  pages.refresh();
  expect(pages.at(0)?.name).toBe("0.png");
  await settled();
  expect([pages.total, pages.at(0)?.name, pages.at(900)]).toEqual([150, "100.png", undefined]);
  expect(pages.indexOf(asset(0).id)).toBeNull();
  expect(pages.indexOf(asset(100).id)).toBe(0);
});

test("a failed fetch is kept as the error until one succeeds", async () => {
  let fails = true;
  const pages = new AssetPages(async () => {
    if (fails) throw new Error("no engine");
    return { total: 1, items: [asset(0)] };
  });
  pages.need(0, 1);
  await settled();
  expect(pages.error).toBeInstanceOf(Error);
  fails = false;
  pages.refresh();
  await settled();
  expect([pages.error, pages.total]).toEqual([null, 1]);
});
