/** @file Votes on a candidate and the queue of disagreements, with verdicts that are kept, shown at once and taken back. */
import { act, cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import { splitCheck } from "#shared/domain/check-split";
import type { EarlierVerdicts, Verdict, VerdictChange } from "#shared/domain/verdict";
import type { SilentVoter, VoteReport, VotesQuery } from "#shared/domain/vote-report";
import { assetIdOf, checkResultOf, measuredOf } from "../../../../../tests/support/checks";
import { Providers } from "../../../../app/providers";
import { takeStep, useUndoHistory } from "../../../../lib/undo-history";
import { fakeEngine } from "../../../../testing/fake-engine";
import { stubPage } from "../../../../testing/render-app";
import { withAnswers } from "../../../../testing/with-answers";
import { useVerdicts } from "../../use-verdicts";
import { VotesSection } from "./votes-section";

const random = Array.from({ length: 200 }, (_, index) => index / 200);
const voice = (metric: string, ...scores: readonly (number | null)[]) =>
  measuredOf({ measure: { metric, area: "whole" }, references: [[1]], candidates: scores.map((score) => [score]), random });
const style = voice("starter-style", 1, 0.995, 1, 0.5, null);
const subject = voice("starter-subject", 1, 0.2, 0.3, 0.6, 0.1);
const result = checkResultOf([subject]);
const silent: SilentVoter[] = [{ voter: "clip", metric: "clip-i", title: "CLIP-I", state: "not-measured" }];
const report: VoteReport = {
  check: checkResultOf([style, subject]),
  voices: [
    { voter: "starter", metric: "starter-style", title: "Starter: style" },
    { voter: "starter", metric: "starter-subject", title: "Starter: subject" },
  ],
  silent,
};

const onCompare = vi.fn();
const kept = new Map<AssetId, Verdict>();
const votes = vi.fn(async function* (_: VotesQuery) {
  yield { done: 1, total: 5, report: null };
  yield await Promise.resolve({ done: 5, total: 5, report });
});
const set = vi.fn(({ references, assetIds, verdict, measures }: VerdictChange) => {
  const verdicts = assetIds.flatMap((id) => kept.get(id) ?? []);
  for (const assetId of assetIds)
    if (verdict === null) kept.delete(assetId);
    else kept.set(assetId, { assetId, verdict, measures, atMs: 1 });
  const absent = assetIds.filter((id) => verdicts.every(({ assetId }) => assetId !== id));
  return Promise.resolve({ previous: { references, verdicts, absent } });
});
const restore = vi.fn(({ verdicts, absent }: EarlierVerdicts) => {
  for (const id of absent) kept.delete(id);
  for (const verdict of verdicts) kept.set(verdict.assetId, verdict as Verdict);
  return Promise.resolve({});
});

const references = [assetIdOf(1000)];
const measures = [subject.measure];

function Section({ initial, isReadOnly }: { readonly initial: AssetId | null; readonly isReadOnly: boolean }) {
  const [selected, setSelected] = useState(initial);
  const { byHand, decide } = useVerdicts(references, measures);
  const { rows } = splitCheck(result, { combine: "mean", cutoffs: [null], byHand });
  return (
    <>
      <output>{result.candidates.findIndex(({ asset }) => asset.id === selected)}</output>
      <VotesSection {...{ result, rows, selected, isReadOnly, onCompare }} combine="mean" onSelect={setSelected} onDecide={decide} />
    </>
  );
}

function open(initial: AssetId | null = assetIdOf(1), isReadOnly = false): void {
  const list = () => Promise.resolve([...kept.values()]);
  const checks = { votes: (query: VotesQuery) => Promise.resolve(votes(query)), verdicts: { list, set, restore } };
  stubPage();
  render(
    <Providers client={withAnswers(fakeEngine().client, { checks })} shell={null}>
      <Section initial={initial} isReadOnly={isReadOnly} />
    </Providers>,
  );
}

const queue = (): Promise<HTMLElement> => screen.findByRole("group", { name: "Disagreements" });
const selectedPlace = (): string | null => document.querySelector("output")?.textContent ?? null;

beforeEach(() => {
  kept.clear();
  vi.clearAllMocks();
  useUndoHistory.setState({ steps: [] });
});
afterEach(cleanup);

test("each voice says yes or no by its own cut-off; what is not measured is said", async () => {
  open();
  const table = await screen.findByRole("table");
  expect(
    within(table)
      .getAllByRole("row")
      .slice(1)
      .map(({ textContent }) => textContent),
  ).toEqual(["SStarter: style0.99599.5 %0.990", "SStarter: subject0.20020.0 %0.990"]);
  expect(
    within(table)
      .getAllByRole("img")
      .map((dot) => dot.getAttribute("aria-label")),
  ).toEqual(["yes", "no"]);
  expect(screen.getByText("Half say yes and half say no.")).toBeTruthy();
  expect(screen.getByText("Not measured: CLIP. Choose it in Find to measure your library with it.")).toBeTruthy();
  expect(votes.mock.calls.map(([query]) => query)).toEqual([
    { references, assetIds: [0, 1, 2, 3, 4].map(assetIdOf), metric: "starter-subject" },
  ]);
});

test("disagreements are gone through by key, each verdict is kept, and Undo brings the last one back", async () => {
  open(null);
  const group = await queue();
  expect(group.textContent).toContain("Disagreements 2");
  const next = within(group).getByRole("button", { name: "Next disagreement" });
  fireEvent.click(next);
  expect(selectedPlace()).toBe("2");
  fireEvent.keyDown(next, { key: "p" });
  expect(selectedPlace()).toBe("1");
  await waitFor(() => expect(group.textContent).toContain("Disagreements 1"));
  expect(set.mock.calls.map(([change]) => change)).toEqual([{ references, assetIds: [assetIdOf(2)], verdict: "accepted", measures }]);
  fireEvent.keyDown(next, { key: "x" });
  expect(await screen.findByText("You have decided on all of them.")).toBeTruthy();
  expect([...kept.values()].map(({ verdict }) => verdict)).toEqual(["accepted", "rejected"]);
  await act(async () => takeStep()?.takeBack());
  await waitFor(() => expect(group.textContent).toContain("Disagreements 1"));
  expect(restore).toHaveBeenCalledWith({ references, verdicts: [], absent: [assetIdOf(1)] });
});

test("a verdict that cannot be kept is taken off the screen again", async () => {
  set.mockRejectedValueOnce(new Error("The disk is full."));
  open();
  const group = await queue();
  fireEvent.click(within(group).getByRole("button", { name: "Accept" }));
  await waitFor(() => expect(group.textContent).toContain("Disagreements 1"));
  await waitFor(() => expect(group.textContent).toContain("Disagreements 2"));
});

test("a read-only library shows the votes and takes no verdicts; Compare opens the pair", async () => {
  open(assetIdOf(1), true);
  const group = await queue();
  expect(within(group).getByRole<HTMLButtonElement>("button", { name: "Accept" }).disabled).toBe(true);
  fireEvent.click(within(group).getByRole("button", { name: "Compare" }));
  expect(onCompare).toHaveBeenCalledWith({ a: references[0], b: assetIdOf(1), metric: "starter-subject" });
});
