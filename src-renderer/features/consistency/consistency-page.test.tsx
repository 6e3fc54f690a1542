/** @file Consistency as a person meets it: what is missing is said, a check is split, culled, cut elsewhere, and taken back. */
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { CheckEvent, CheckQuery, CheckVerdict } from "#shared/domain/check";
import type { MetricCard } from "#shared/domain/model-card";
import { assetIdOf, checkResultOf, measuredOf } from "../../../tests/support/checks";
import { fakeEngine } from "../../testing/fake-engine";
import { renderApp } from "../../testing/render-app";
import { withAnswers } from "../../testing/with-answers";
import { useCheckState } from "./check-state";

const subject: MetricCard = {
  metric: "starter-subject",
  title: "Starter: subject",
  hint: "The thing itself.",
  needs: "the starter model",
  question: "instance",
  model: "starter",
  state: "ready",
  measured: 8,
  total: 8,
  accuracy: null,
  hasHeatMap: true,
};
/** Four references of 0.8 to one another, a hundred impostors up to 0.4, and candidates from good to bad. */
const measured = measuredOf({
  references: [0, 1, 2, 3].map((own) => [0, 1, 2, 3].map((other) => (own === other ? 1 : 0.8))),
  candidates: [0.9, 0.85, 0.6, 0.5, 0.1].map((score) => [score, score, score, score]),
  impostors: Array.from({ length: 120 }, (_, index) => [0, 1, 2, 3].map(() => index / 300)),
});
const result = { ...checkResultOf([measured]), skipped: [{ path: "/pictures/broken.png", reason: "It cannot be read." }] };
const references = [1000, 1001, 1002, 1003].map(assetIdOf);
const candidateIds = [0, 1, 2, 3, 4].map(assetIdOf);
const address = `#/consistency?refs=${references.join(",")}&ids=${candidateIds.join(",")}`;
const initial = useCheckState.getState();

type Run = (query: CheckQuery) => AsyncGenerator<CheckEvent>;

async function* answered(): AsyncGenerator<CheckEvent> {
  yield { done: 5, total: 5, result };
}

/** The interface over an engine whose check is `run` and which keeps verdicts in memory. */
function openCheckPage({ run = answered, at = address, metrics = [subject] }: { run?: Run; at?: string; metrics?: MetricCard[] } = {}) {
  const { client } = fakeEngine({ metrics });
  const queries = vi.fn<(query: CheckQuery) => void>();
  let kept: { readonly assetId: AssetId; readonly verdict: CheckVerdict; readonly measures: []; readonly atMs: number }[] = [];
  const checks = {
    run: (query: CheckQuery) => {
      queries(query);
      return Promise.resolve(run(query));
    },
    boards: withAnswers(client.checks.boards, { list: () => Promise.resolve([{ id: "b", name: "Mira", references }]) }),
    verdicts: {
      list: () => Promise.resolve(kept),
      set: ({ assetIds, verdict }: { assetIds: AssetId[]; verdict: CheckVerdict | null }) => {
        const previous = kept;
        const others = kept.filter(({ assetId }) => !assetIds.includes(assetId));
        kept = verdict === null ? others : [...others, ...assetIds.map((assetId) => ({ assetId, verdict, measures: [] as [], atMs: 0 }))];
        return Promise.resolve({ previous });
      },
      restore: (previous: typeof kept) => {
        kept = previous;
        return Promise.resolve({});
      },
    },
  };
  renderApp(withAnswers(client, { checks: withAnswers(client.checks, checks) }), at);
  return { queries };
}

const column = (name: string): HTMLElement => screen.getByRole("region", { name });
const namesIn = (name: string): readonly string[] =>
  within(column(name))
    .queryAllByRole("gridcell")
    .map((cell) => cell.getAttribute("aria-label")?.split(",")[0] ?? "");
const tile = (index: number): HTMLElement => screen.getByRole("gridcell", { name: new RegExp(`^picture-${index}\\.png,`) });

beforeEach(() => useCheckState.setState(initial, true));
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

test("says what is missing, step by step", async () => {
  openCheckPage({ at: "#/consistency" });
  await screen.findByText("Is this still the same?");
  cleanup();
  useCheckState.setState(initial, true);
  openCheckPage({ at: `#/consistency?refs=${references.join(",")}` });
  await screen.findByText("Nothing to check yet");
  cleanup();
  useCheckState.setState(initial, true);
  openCheckPage({ metrics: [] });
  expect(await screen.findByText("Nothing is measured yet")).toBeTruthy();
});

test("splits the candidates best first, and says what could not be measured", async () => {
  const { queries } = openCheckPage();
  await screen.findByText("2 accepted, 2 undecided, 1 rejected");
  expect(queries).toHaveBeenCalledExactlyOnceWith({
    references,
    candidates: { kind: "assets", assetIds: candidateIds },
    measures: [{ metric: "starter-subject", area: "whole" }],
  });
  expect([namesIn("Accepted"), namesIn("Undecided"), namesIn("Rejected")]).toEqual([
    ["picture-0.png", "picture-1.png"],
    ["picture-2.png", "picture-3.png"],
    ["picture-4.png"],
  ]);
  expect(screen.getByText(/References and impostors do not overlap/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "1 picture could not be measured" })).toBeTruthy();
});

test("a handle splits anew without asking, stops at the other one, and goes back", async () => {
  const { queries } = openCheckPage();
  const accept = await screen.findByRole("slider", { name: "Accept from" });
  fireEvent.keyDown(accept, { key: "End" });
  await screen.findByText("0 accepted, 4 undecided, 1 rejected");
  fireEvent.keyDown(screen.getByRole("slider", { name: "Accept from" }), { key: "Home" });
  const reject = screen.getByRole("slider", { name: "Reject below" });
  expect(screen.getByRole("slider", { name: "Accept from" }).getAttribute("aria-valuenow")).toBe(reject.getAttribute("aria-valuenow"));
  await screen.findByText("4 accepted, 0 undecided, 1 rejected");
  fireEvent.keyDown(window, { key: "z", ctrlKey: true });
  await screen.findByText("0 accepted, 4 undecided, 1 rejected");
  fireEvent.click(screen.getByRole("button", { name: "Use suggested" }));
  await screen.findByText("2 accepted, 2 undecided, 1 rejected");
  expect(queries).toHaveBeenCalledOnce();
});

test("P, X and U beat the cut-offs, the next candidate is on, and Use suggested gives them up", async () => {
  openCheckPage();
  await screen.findByText("2 accepted, 2 undecided, 1 rejected");
  fireEvent.click(tile(2));
  fireEvent.keyDown(window, { key: "p" });
  await waitFor(() => expect(namesIn("Accepted")).toContain("picture-2.png"));
  expect(tile(2).getAttribute("aria-label")).toMatch(/by hand$/);
  expect(tile(3).getAttribute("aria-selected")).toBe("true");
  fireEvent.keyDown(window, { key: "x" });
  await waitFor(() => expect(namesIn("Rejected")).toContain("picture-3.png"));
  fireEvent.keyDown(window, { key: "z", ctrlKey: true });
  await waitFor(() => expect(namesIn("Undecided")).toEqual(["picture-3.png"]));
  fireEvent.click(screen.getByRole("button", { name: "Use suggested" }));
  await screen.findByText("2 accepted, 2 undecided, 1 rejected");
});

test("arrows lead from column to column, Z shows the nearest reference beside the candidate", async () => {
  openCheckPage();
  await screen.findByText("2 accepted, 2 undecided, 1 rejected");
  fireEvent.click(tile(1));
  fireEvent.keyDown(tile(1), { key: "ArrowRight" });
  expect(tile(2).getAttribute("aria-selected")).toBe("true");
  fireEvent.keyDown(window, { key: "z" });
  const pair = await screen.findByRole("region", { name: "Side by side with the nearest reference" });
  expect(
    within(pair)
      .getAllByRole("img")
      .map((image) => image.getAttribute("alt")),
  ).toEqual(["Candidate: picture-2.png", "Nearest reference: picture-1000.png"]);
  fireEvent.keyDown(pair, { key: "Escape" });
  expect(screen.queryByRole("region", { name: "Side by side with the nearest reference" })).toBeNull();
});

test("shows how far it has come, stops when told to, and shows what failed", async () => {
  let isBroken = false;
  openCheckPage({
    run: async function* () {
      if (isBroken) throw appError("disk/failed", "The disk does not answer.");
      yield { done: 2, total: 5, result: null };
      await new Promise(() => undefined);
    },
  });
  await screen.findByText("2 of 5 pictures measured");
  isBroken = true;
  fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
  fireEvent.click(await screen.findByRole("button", { name: "Go on" }));
  expect(await screen.findByText("The disk does not answer.")).toBeTruthy();
});

test("a board takes its references along, and another question is asked", async () => {
  const { queries } = openCheckPage({ at: `#/consistency?refs=${assetIdOf(1)}&ids=${assetIdOf(2)}` });
  await waitFor(() => expect(queries).toHaveBeenCalledOnce());
  fireEvent.click(screen.getByRole("button", { name: "Boards" }));
  fireEvent.click(await screen.findByRole("menuitem", { name: "Mira, 4" }));
  await waitFor(() => expect(queries).toHaveBeenLastCalledWith(expect.objectContaining({ references })));
  await waitFor(() => expect(window.location.hash).toContain("board=b"));
});
