/** @file Find as a person meets it: ask, wait, refine, and be told when nothing matches. */
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { appError } from "#shared/domain/app-error";
import type { MetricCard } from "#shared/domain/model-card";
import type { Match, SearchEvent, SearchQuery } from "#shared/domain/search";
import { fakeAsset, fakeEngine } from "../../testing/fake-engine";
import { renderApp } from "../../testing/render-app";
import { withAnswers } from "../../testing/with-answers";
import { useFind } from "./find-state";

const starter: MetricCard = {
  metric: "starter-style",
  title: "Starter: style",
  hint: "The model that comes with the app.",
  needs: "the starter model",
  question: "style",
  model: "starter",
  state: "ready",
  measured: 8,
  total: 8,
  accuracy: { percent: 82.8, set: "Emoji", trials: 800, source: "Model card" },
  hasHeatMap: true,
};
const diffsim: MetricCard = {
  ...starter,
  metric: "diffsim-s",
  title: "DiffSim-S",
  needs: "SD 1.x or 2.x",
  model: null,
  state: "needs-model",
  measured: 0,
  accuracy: null,
};
const subject: MetricCard = { ...starter, metric: "starter-subject", title: "Starter: subject", question: "instance" };
const library = { assets: Array.from({ length: 8 }, (_, index) => fakeAsset(index)), metrics: [starter, diffsim] };
const asked = fakeAsset(0);
const initial = useFind.getState();

function matchOf(index: number, score: number, rarity: number | null): Match {
  const asset = fakeAsset(index);
  return {
    rank: index,
    asset,
    path: `/pictures/${asset.name}`,
    score,
    rarity,
    againstScore: null,
    adjusted: null,
    copyOf: null,
    votes: { diffsim: null, clip: null, dino: null, starter: true },
  };
}

function eventOf(stage: "coarse" | "exact", matches: readonly Match[]): SearchEvent {
  const milliseconds = { embed: 1, candidates: 1, rerank: 1, total: 140 };
  return {
    stage,
    isFinal: stage === "exact",
    matches: [...matches],
    candidates: 7,
    measured: 8,
    total: 8,
    recipeId: "0".repeat(16),
    precision: "float16",
    against: null,
    milliseconds,
  };
}

type Run = (query: SearchQuery) => AsyncGenerator<SearchEvent>;

/** The interface over an engine whose search is `run`; 300 random pairs suggest a cut-off of 0.6. */
function openFind(run: Run, { address = `#/find?refs=${asked.id}:1`, metrics = library.metrics } = {}) {
  const { client } = fakeEngine({ ...library, metrics });
  const queries = vi.fn<(query: SearchQuery) => void>();
  const pairs = { metric: "starter-style" as const, scores: Array.from({ length: 300 }, (_, index) => index / 500), suggestedCutoff: 0.6 };
  const search = {
    run: (query: SearchQuery) => {
      queries(query);
      return Promise.resolve(run(query));
    },
    randomPairs: () => Promise.resolve(pairs),
  };
  renderApp(withAnswers(client, { search }), address);
  return { queries };
}

beforeEach(() => useFind.setState(initial, true));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("a link asks its question once; coarse results come first and exact ones replace them", async () => {
  let finish = (): void => undefined;
  const gate = new Promise<void>((resolve) => (finish = resolve));
  const { queries } = openFind(async function* () {
    yield eventOf("coarse", [matchOf(1, 0.8, 0.002), matchOf(2, 0.5, 0.2)]);
    await gate;
    yield eventOf("exact", [matchOf(2, 0.9, 0.001), matchOf(1, 0.85, 0.002), matchOf(3, 0.3, 0.6)]);
  });
  expect(await screen.findByRole("heading", { name: "1 match in style" })).toBeDefined();
  expect(screen.getByRole("gridcell", { name: /picture-1\.png, 0\.800, 1 in 500/ })).toBeDefined();
  finish();
  expect(await screen.findByRole("heading", { name: "2 matches in style" })).toBeDefined();
  expect(screen.getByText("Below the cut-off 0.600, closest first")).toBeDefined();
  expect(queries.mock.calls.map(([query]) => query)).toEqual([
    {
      references: [{ assetId: asked.id, weight: 1, crop: null }],
      metric: "starter-style",
      combine: "mean",
      top: 500,
      exact: false,
      folder: null,
      where: null,
      against: null,
      findsCopies: true,
    },
  ]);
});

test("scores from features in eight bits are called so, others are not", async () => {
  openFind(async function* () {
    yield { ...eventOf("coarse", [matchOf(1, 0.8, 0.002)]), precision: "float32" };
    yield { ...eventOf("exact", [matchOf(1, 0.8, 0.002)]), precision: "int8" };
  });
  expect(await screen.findByText(/shown, 0\.14 s · features in eight bits: scores within 0\.001/)).toBeDefined();
  cleanup();
  useFind.setState(initial, true);
  openFind(async function* () {
    yield eventOf("exact", [matchOf(1, 0.8, 0.002)]);
  });
  expect(await screen.findByText(/shown, 0\.14 s$/)).toBeDefined();
});

test("the starter is called Starter and shows its numbers; a missing model is named", async () => {
  openFind(async function* () {
    yield eventOf("exact", [matchOf(1, 0.8, 0.002)]);
  });
  const style = await screen.findByRole("radio", { name: /Style.*82\.8 %.*Starter, Emoji, 800 choices/ });
  expect(style.getAttribute("aria-checked")).toBe("true");
  expect(screen.getByRole("radio", { name: /DiffSim-S.*Needs SD 1\.x or 2\.x/ }).getAttribute("aria-disabled")).toBe("true");
});

test("many metrics whose models are not there wait behind a button", async () => {
  const absent = ["DiffSim-S", "DiffSim-XL", "CLIP AAS"].map((title): MetricCard => ({
    ...diffsim,
    metric: title.toLowerCase().replace(" ", "-"),
    title,
  }));
  openFind(
    async function* () {
      yield eventOf("exact", [matchOf(1, 0.8, 0.002)]);
    },
    { metrics: [starter, ...absent] },
  );
  const more = await screen.findByRole("button", { name: "3 more need a model" });
  expect(screen.queryByRole("radio", { name: /DiffSim-XL/ })).toBeNull();
  fireEvent.click(more);
  expect(screen.getByRole("radio", { name: /DiffSim-XL.*Needs/ }).getAttribute("aria-disabled")).toBe("true");
  fireEvent.click(more);
  expect(screen.queryByRole("radio", { name: /DiffSim-XL/ })).toBeNull();
});

test("more like this adds at a half and asks again; undo takes it back", async () => {
  const { queries } = openFind(async function* () {
    yield eventOf("exact", [matchOf(1, 0.8, 0.002), matchOf(2, 0.7, 0.004)]);
  });
  await screen.findByRole("gridcell", { name: /picture-2/ });
  fireEvent.click(screen.getByRole("gridcell", { name: /picture-2/ }));
  fireEvent.keyDown(window, { key: "+" });
  const tray = screen.getByRole("list", { name: "Pictures of the query" });
  await waitFor(() => expect(within(tray).getAllByRole("listitem")).toHaveLength(2));
  await waitFor(() => expect(queries.mock.lastCall?.[0].references[1]).toEqual({ assetId: fakeAsset(2).id, weight: 0.5, crop: null }));
  await waitFor(() => expect(window.location.hash).toContain(`${fakeAsset(2).id}:0.5`));
  fireEvent.keyDown(window, { key: "z", ctrlKey: true });
  await waitFor(() => expect(within(tray).getAllByRole("listitem")).toHaveLength(1));
});

test("the cut-off splits what is there without asking again", async () => {
  const { queries } = openFind(async function* () {
    yield eventOf("exact", [matchOf(1, 0.8, 0.002), matchOf(2, 0.61, 0.009)]);
  });
  await screen.findByRole("heading", { name: "2 matches in style" });
  fireEvent.keyDown(screen.getByRole("slider", { name: "Cut-off" }), { key: "ArrowRight" });
  expect(await screen.findByRole("heading", { name: "2 matches in style" })).toBeDefined();
  fireEvent.keyDown(window, { key: "]" });
  expect(await screen.findByRole("heading", { name: "1 match in style" })).toBeDefined();
  expect(queries).toHaveBeenCalledTimes(1);
});

test("the slider looks past what is shown: asked once, then ordered in memory; the keys and the address know it", async () => {
  const taken = { metric: "starter-subject", weight: 0.1, spread: { mean: 0, deviation: 1 }, againstSpread: { mean: 0, deviation: 1 } };
  const { queries } = openFind(
    async function* ({ against }) {
      const matches = [
        { ...matchOf(1, 0.8, 0.002), againstScore: 0.9, adjusted: 0.71 },
        { ...matchOf(2, 0.7, 0.002), againstScore: 0.2, adjusted: 0.68 },
      ];
      yield { ...eventOf("exact", matches), against: against === null ? null : taken };
    },
    { metrics: [starter, subject] },
  );
  const first = async (): Promise<string | null> => (await screen.findAllByRole("gridcell"))[0]?.getAttribute("aria-label") ?? null;
  await screen.findByRole("heading", { name: "2 matches in style" });
  expect(screen.getByText("Taken off: Starter, instance.")).toBeDefined();
  fireEvent.keyDown(window, { key: "i" });
  await waitFor(() => expect(queries.mock.lastCall?.[0].against).toEqual({ metric: "starter-subject", weight: 0.1 }));
  expect(await screen.findByRole("gridcell", { name: /picture-1\.png, 0\.800, adjusted \+0\.7σ/ })).toBeDefined();
  expect(await first()).toContain("picture-1.png");
  fireEvent.keyDown(screen.getByRole("slider", { name: "Ignore what is shown" }), { key: "End" });
  await waitFor(async () => expect(await first()).toMatch(/picture-2\.png, 0\.700, adjusted \+0\.5σ/));
  expect(queries).toHaveBeenCalledTimes(2);
  await waitFor(() => expect(window.location.hash).toContain("against=1"));
  fireEvent.click(screen.getByRole("button", { name: "Switch off" }));
  await waitFor(() => expect(queries.mock.lastCall?.[0].against).toBeNull());
});

test("the Library's filter limits the search once it is switched on; its conditions can be taken away", async () => {
  const { queries } = openFind(
    async function* () {
      yield eventOf("exact", [matchOf(1, 0.8, 0.002)]);
    },
    { address: "#/library?where=rating+>%3D+4+and+tag+%3D+ink" },
  );
  fireEvent.click(await screen.findByRole("gridcell", { name: /picture-0/ }));
  fireEvent.keyDown(window, { key: "f" });
  await screen.findByRole("heading", { name: "1 match in style" });
  expect(queries.mock.lastCall?.[0]).toMatchObject({ where: null, folder: null });
  fireEvent.click(screen.getByRole("switch", { name: "Filter of the Library" }));
  await waitFor(() => expect(queries.mock.lastCall?.[0].where).toBe("rating >= 4 and tag = ink"));
  await waitFor(() => expect(window.location.hash).toContain("where=rating"));
  fireEvent.click(screen.getByRole("button", { name: "Take away the condition Tags ink" }));
  await waitFor(() => expect(queries.mock.lastCall?.[0].where).toBe("rating >= 4"));
  expect(screen.getByRole("switch", { name: "Filter of the Library" }).getAttribute("aria-checked")).toBe("false");
  fireEvent.click(screen.getByRole("button", { name: "Take away the condition rating >= 4" }));
  await waitFor(() => expect(queries.mock.lastCall?.[0].where).toBeNull());
});

test("an edit outlasts leaving Find before the address has followed", async () => {
  openFind(
    async function* () {
      yield eventOf("exact", [matchOf(1, 0.8, 0.002)]);
    },
    { address: `#/find?refs=${asked.id}:1&metric=starter-style`, metrics: [starter, subject] },
  );
  await screen.findByRole("heading", { name: "1 match in style" });
  fireEvent.click(screen.getByRole("radio", { name: /Instance/ }));
  fireEvent.keyDown(window, { key: "1", altKey: true });
  await screen.findByRole("main", { name: "Library" });
  fireEvent.keyDown(window, { key: "2", altKey: true });
  expect((await screen.findByRole("radio", { name: /Instance/ })).getAttribute("aria-checked")).toBe("true");
  await waitFor(() => expect(window.location.hash).toContain("metric=starter-subject"));
});

test("near-duplicates fold into the best of them, and unfold", async () => {
  openFind(async function* () {
    yield eventOf("exact", [matchOf(1, 0.8, 0.002), { ...matchOf(2, 0.7, 0.002), copyOf: fakeAsset(1).id }, matchOf(3, 0.65, 0.003)]);
  });
  expect(await screen.findByRole("gridcell", { name: /picture-1\.png.*1 near-duplicate folded/ })).toBeDefined();
  expect(screen.getAllByRole("gridcell", { name: /picture/ })).toHaveLength(2);
  fireEvent.click(screen.getByRole("button", { name: "Fold near-duplicates" }));
  expect(await screen.findByRole("gridcell", { name: /picture-2/ })).toBeDefined();
  expect(screen.queryByText("+1")).toBeNull();
});

test("without a measured metric of the other property the slider rests and says why", async () => {
  openFind(
    async function* () {
      yield eventOf("exact", [matchOf(1, 0.8, 0.002)]);
    },
    { metrics: [starter, { ...subject, state: "not-measured", measured: 0 }] },
  );
  expect(await screen.findByText("The library is not measured with Starter, instance yet.")).toBeDefined();
  expect(screen.getByRole("slider", { name: "Ignore what is shown" })).toHaveProperty("disabled", true);
});

test("when even the best is common among random pairs, it is not called a match", async () => {
  openFind(async function* () {
    yield eventOf("exact", [matchOf(1, 0.5, 0.03)]);
  });
  expect(await screen.findByText(/The best of 8 images scores 0\.500\. 3 in 100 random pairs/)).toBeDefined();
  expect(screen.queryByRole("gridcell")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Show the closest anyway" }));
  expect(await screen.findByRole("gridcell", { name: /picture-1/ })).toBeDefined();
});

test("an error stands above the results that are still there, and can be tried again", async () => {
  let isBroken = false;
  const { queries } = openFind(async function* () {
    if (isBroken) throw appError("device/failed", "The device failed.", { hint: "Choose another." });
    yield eventOf("exact", [matchOf(1, 0.8, 0.002)]);
  });
  await screen.findByRole("gridcell", { name: /picture-1/ });
  isBroken = true;
  fireEvent.click(screen.getByRole("switch", { name: "Exact score for every image" }));
  expect((await screen.findByRole("alert")).textContent).toContain("The device failed.");
  expect(screen.getByRole("gridcell", { name: /picture-1/ })).toBeDefined();
  isBroken = false;
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  expect(queries).toHaveBeenCalledTimes(3);
});

test("without a picture it says how to begin", async () => {
  openFind(
    async function* () {
      yield* [];
    },
    { address: "#/find" },
  );
  expect(await screen.findByRole("heading", { name: "Find by picture" })).toBeDefined();
});
