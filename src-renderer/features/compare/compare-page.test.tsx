/** @file Compare as a person meets it: choose, read tiles, pin, switch views, swap. */
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { MetricCard } from "#shared/domain/model-card";
import type { PairScore } from "#shared/domain/score";
import { fakeAsset, fakeEngine } from "../../testing/fake-engine";
import { renderApp } from "../../testing/render-app";
import { withAnswers } from "../../testing/with-answers";
import { useCompare } from "./compare-state";

const card: MetricCard = {
  metric: "starter-style",
  title: "Starter: style",
  hint: "",
  needs: "",
  question: "style",
  model: "starter",
  state: "ready",
  measured: 3,
  total: 3,
  accuracy: null,
  hasHeatMap: true,
};
const assets = [0, 1, 2].map((index) => fakeAsset(index));
const [a, b] = [fakeAsset(0).id, fakeAsset(1).id];
const initial = useCompare.getState();

function pairOf(first: AssetId, second: AssetId): PairScore {
  const side = (assetId: AssetId) => ({ assetId, grid: { rows: 1, columns: 2 }, heat: [0.2, 0.9], match: [1, 0] });
  return {
    metric: "starter-style",
    score: 0.832,
    rarity: 0.004,
    directions: { ab: 0.84, ba: null },
    a: side(first),
    b: side(second),
    recipe: {
      metric: "starter-style",
      family: "starter",
      modelSha256: "ab".repeat(32),
      mode: "corrected",
      precision: "float32",
      tap: "b7",
      imageSize: 224,
      parameters: {},
      version: 1,
    },
    modelName: "starter",
    device: "cpu",
    milliseconds: 12,
  };
}

/** Two tiles a picture: of A along x and y, of B along y and x. */
const tokens = new Map([
  [a, Float32Array.of(1, 0, 0, 1)],
  [b, Float32Array.of(0, 1, 1, 0)],
]);

function openCompare(address: string, pair: (input: { a: AssetId; b: AssetId }) => PairScore = ({ a, b }) => pairOf(a, b)): void {
  const { client } = fakeEngine({ assets, metrics: [card] });
  const compare = { pair: (input: { a: AssetId; b: AssetId }) => Promise.resolve().then(() => pair(input)) };
  const search = { randomPairs: () => Promise.resolve({ metric: "starter-style", scores: [0.1, 0.2], suggestedCutoff: null }) };
  renderApp(withAnswers(client, { compare, search }), address);
  vi.stubGlobal("fetch", (url: string) => {
    const id = url.split("/").at(-1) as AssetId;
    const data = tokens.get(id) ?? Float32Array.of(0, 1, 1, 0);
    return Promise.resolve(new Response(data.buffer, { headers: { "x-semblance-shape": "1,2,2" } }));
  });
}

beforeEach(() => useCompare.setState(initial, true));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("shows the score with its rarity and both directions, and reads the most alike tile", async () => {
  openCompare(`#/compare?a=${a}&b=${b}`);
  expect(await screen.findByText("0.832")).toBeDefined();
  expect(screen.getAllByText("1 in 250 random pairs scores this high").length).toBeGreaterThan(0);
  expect(screen.getByText("0.840")).toBeDefined();
  expect(screen.getByText("n/a")).toBeDefined();
  expect(await screen.findByText("Column 2, row 1 of picture-0.png")).toBeDefined();
  expect(screen.getByRole("cell", { name: "1, 1" })).toBeDefined(); // A's second tile looks like B's first one
});

test("arrow keys move and pin a tile in the address, Escape unpins it", async () => {
  openCompare(`#/compare?a=${a}&b=${b}`);
  const pane = await screen.findByRole("application", { name: /picture-0\.png: map/ });
  await screen.findByText("Column 2, row 1 of picture-0.png");
  fireEvent.keyDown(pane, { key: "ArrowLeft" });
  expect(await screen.findByText("Column 1, row 1 of picture-0.png")).toBeDefined();
  expect(screen.getByRole("heading", { name: "Pinned tile" })).toBeDefined();
  expect(window.location.hash).toContain("tile=a:0.25,0.5");
  fireEvent.keyDown(pane, { key: "Escape" });
  await waitFor(() => expect(window.location.hash).not.toContain("tile="));
});

test("every view has its table, and swapping turns the pair round", async () => {
  openCompare(`#/compare?a=${a}&b=${b}&view=matches`);
  await screen.findByText("0.832");
  fireEvent.keyDown(window, { key: "t" });
  const table = await screen.findByRole("table", { name: "Matched patches" });
  expect(within(table).getAllByRole("row")).toHaveLength(3);
  expect(within(table).getAllByRole("cell", { name: "2, 1" })).toHaveLength(2);
  fireEvent.keyDown(window, { key: "s" });
  await waitFor(() => expect(window.location.hash).toContain(`a=${b}&b=${a}`));
});

test("an error stands where the comparison would be, and no old map is shown", async () => {
  openCompare(`#/compare?a=${a}&b=${b}&view=agreement`, () => {
    throw appError("image/undecodable", "picture-1.png is damaged.", { hint: "Save it again." });
  });
  expect((await screen.findByRole("alert")).textContent).toContain("picture-1.png is damaged.");
  expect(document.querySelector("canvas")).toBeNull();
});

test("two pictures are chosen from the library, and the tab leads back to them", async () => {
  openCompare("#/compare");
  fireEvent.click(await screen.findByRole("button", { name: "picture-0.png" }));
  await waitFor(() => expect(window.location.hash).toContain(`a=${a}`));
  fireEvent.click(screen.getByRole("button", { name: "picture-1.png" }));
  expect(await screen.findByText("0.832")).toBeDefined();
  fireEvent.click(screen.getByRole("link", { name: "Library" }));
  await waitFor(() => expect(window.location.hash).not.toContain("compare"));
  fireEvent.click(screen.getByRole("link", { name: "Compare" }));
  await waitFor(() => expect(window.location.hash).toContain(`b=${b}`));
});
