/** @file The side panel of a check: pairs by keyboard, copies, outliers, and where a character breaks. */
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Generation } from "#shared/domain/asset-metadata";
import type { CheckResult } from "#shared/domain/check";
import type { MatrixQuery } from "#shared/domain/check-matrix";
import { splitCheck } from "#shared/domain/check-split";
import { assetIdOf, checkResultOf, measuredOf } from "../../../../../tests/support/checks";
import { Providers } from "../../../../app/providers";
import { fakeEngine } from "../../../../testing/fake-engine";
import { stubPage } from "../../../../testing/render-app";
import { withAnswers } from "../../../../testing/with-answers";
import { useCandidateFilter } from "../../generation-groups";
import { useSideState } from "../../side-state";
import { GroupFilter } from "./group-filter";
import { SidePanel } from "./side-panel";

const measured = measuredOf({
  references: [
    [1, 0.8],
    [0.8, 1],
  ],
  candidates: [0.86, 0.85, 0.84, 0.83, 0.86, 0.84, 0.3, 0.31, 0.29].map((score) => [score, score - 0.05]),
  random: Array.from({ length: 200 }, (_, index) => index / 200),
});
const result: CheckResult = checkResultOf([measured], [1]);
const weights = [0.5, 0.5, 0.5, 0.9, 0.9, 0.9, 1, 1, 1];

function weighed(weight: number): Generation {
  return {
    generator: "a1111",
    model: null,
    modelHash: null,
    loras: [{ name: "mira-000008", weight }],
    sampler: null,
    scheduler: null,
    steps: null,
    cfgScale: null,
    seed: null,
    prompt: null,
    negativePrompt: null,
  };
}
const generated: CheckResult = {
  ...result,
  candidates: result.candidates.map((candidate, index) => ({ ...candidate, generation: weighed(weights[index] ?? 0) })),
};

const onSelect = vi.fn();
const onCompare = vi.fn();
/** Every pair of candidates has 0.444. */
const matrix = vi.fn(async function* ({ assetIds, measure }: MatrixQuery) {
  yield { stage: "pairs" as const, done: 1, total: 2, result: null };
  const scores = assetIds.map((_, place) => assetIds.slice(place).map(() => 0.444));
  yield {
    stage: "pairs" as const,
    done: 2,
    total: 2,
    result: { assetIds, measure, scores, skipped: [], recipe: measured.recipe, modelName: "starter", device: "cpu", milliseconds: 1 },
  };
});

function Panel({ shown }: { readonly shown: CheckResult }) {
  const split = splitCheck(shown, { combine: "mean", cutoffs: [{ accept: 0.6, reject: 0.5 }], byHand: new Map() });
  return (
    <>
      <GroupFilter filter={useCandidateFilter(shown)} />
      <SidePanel result={shown} split={split} measure={0} combine="mean" selected={assetIdOf(1)} {...{ onSelect, onCompare }} />
    </>
  );
}

function open(shown: CheckResult = result): void {
  const client = withAnswers(fakeEngine().client, { checks: { matrix: async (query: MatrixQuery) => matrix(query) } });
  stubPage();
  render(
    <Providers client={client} shell={null}>
      <Panel shown={shown} />
    </Providers>,
  );
}

beforeEach(() => useSideState.setState({ order: "references", field: null, value: null }));
afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

test("the selected candidate is read with its nearest reference; keys move to other pairs, and Enter compares them", async () => {
  open();
  const pairs = within(screen.getByRole("group", { name: "Every pair" }));
  const heat = pairs.getByRole("application", { name: /^Scores of 11 pictures/ });
  expect(await pairs.findByText("picture-1.png and Reference 1")).toBeTruthy();
  expect(pairs.getByText("0.444")).toBeTruthy();
  expect(pairs.getByText("beats 44.5 % of random pairs")).toBeTruthy();
  fireEvent.keyDown(heat, { key: "ArrowRight" });
  expect(pairs.getByText("picture-1.png and Reference 2")).toBeTruthy();
  fireEvent.keyDown(heat, { key: "Enter" });
  expect(onCompare).toHaveBeenCalledWith({ a: assetIdOf(1), b: assetIdOf(1001), metric: "starter-subject" });
});

test("T shows the same as a table, from which other pictures are reached", async () => {
  open();
  const pairs = within(screen.getByRole("group", { name: "Every pair" }));
  fireEvent.keyDown(pairs.getByRole("application"), { key: "t" });
  const table = within(pairs.getByRole("table", { name: "picture-1.png with every other picture, most alike first" }));
  expect(table.getAllByRole("row")).toHaveLength(11);
  await waitFor(() => expect(table.queryByText("n/a")).toBeNull());
  fireEvent.click(table.getByRole("button", { name: "Reference 2" }));
  expect(pairs.getByRole("table", { name: /^Reference 2 with every other picture/ })).toBeTruthy();
  fireEvent.keyDown(pairs.getByRole("region"), { key: "t" });
  expect(pairs.getByRole("application")).toBeTruthy();
});

test("a pair stays the one that is read when the order changes", async () => {
  open();
  const pairs = within(screen.getByRole("group", { name: "Every pair" }));
  await pairs.findByText("0.444");
  fireEvent.keyDown(pairs.getByRole("application"), { key: "ArrowRight" });
  useSideState.setState({ order: "likeness" });
  expect(await pairs.findByText("Like beside like")).toBeTruthy();
  expect(pairs.getByText("picture-1.png and Reference 2")).toBeTruthy();
});

test("it is said which reference was copied, and what is unlike the others", () => {
  open();
  const copied = within(screen.getByRole("group", { name: "Which reference did it copy?" }));
  expect(copied.getByRole("listitem", { name: "Reference 1: nearest to 9 candidates" })).toBeTruthy();
  expect(copied.getByText("1 candidate nearly equals a reference.")).toBeTruthy();
  const unlike = within(screen.getByRole("group", { name: "Unlike the others" }));
  expect(unlike.getByText("With fewer than six references none can be called unusual.")).toBeTruthy();
  fireEvent.click(unlike.getByRole("button", { name: "picture-8.png 0.265" }));
  expect(onSelect).toHaveBeenCalledWith(assetIdOf(8));
});

test("a value of the generation data tells where the character breaks, and shows its candidates alone", () => {
  open(generated);
  const groups = within(screen.getByRole("group", { name: "By generation data" }));
  expect(groups.getByText(/^LoRA weight\. The character breaks between 0\.9 and 1\.0\./)).toBeTruthy();
  const value = groups.getByRole("button", { name: /^1\.0: mean 0\.275 of 3 images, 95 % sure between 0\.2\d\d and 0\.\d{3}$/ });
  fireEvent.click(value);
  expect(value.getAttribute("aria-pressed")).toBe("true");
  expect(screen.getByText("Only LoRA weight 1")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Show all candidates" }));
  expect(value.getAttribute("aria-pressed")).toBe("false");
});

test("files that say nothing are said to", () => {
  open();
  expect(screen.getByText("The files say nothing by which candidates can be grouped.")).toBeTruthy();
});
