/** @file Trust as a person meets it: look at a run, browse its triplets, run, pause, add a folder, judge. */
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { appError } from "#shared/domain/app-error";
import type { BenchmarkResult, BenchmarkSet, DealtTriplet, OwnJudgement, TripletFilter } from "#shared/domain/benchmark";
import type { Job, JobId } from "#shared/domain/job";
import { brandId } from "#shared/lib/branded-id";
import { fakeResult, fakeSet, fakeTriplet } from "../../testing/fake-benchmark";
import { fakeAsset, fakeEngine } from "../../testing/fake-engine";
import { renderApp } from "../../testing/render-app";
import { withAnswers } from "../../testing/with-answers";

afterEach(cleanup);

const job: Job = {
  id: brandId<JobId>("job-1"),
  kind: "benchmark",
  title: "NIGHTS",
  state: "running",
  step: "measure",
  ...{ done: 30, total: 100, imagesPerSecond: 3, etaSeconds: 20, device: "cpu", issueCount: 0, error: null, startedMs: 1 },
};
const own = fakeSet({ id: "own-1", kind: "own", title: "My judgements", folder: null, layout: "own", triplets: 0, latest: null });

interface Answers {
  readonly sets?: readonly BenchmarkSet[];
  readonly result?: BenchmarkResult | null;
  readonly address?: string;
  readonly isReadOnly?: boolean;
  readonly jobs?: readonly Job[];
  readonly triplets?: number;
}

/** Opens Trust over an engine with these sets. */
function openTrust({
  sets = [fakeSet(), own],
  result = fakeResult(),
  address = "#/trust",
  isReadOnly = false,
  jobs = [],
  triplets = 50,
}: Answers = {}) {
  const { client, commands } = fakeEngine({ isReadOnly, jobs });
  const run = vi.fn((_: unknown) => Promise.resolve({ jobId: job.id }));
  const add = vi.fn((_: unknown) => Promise.resolve(fakeSet()));
  const asked = vi.fn((_: { readonly filter: TripletFilter; readonly offset: number }) => undefined);
  const dealt: DealtTriplet[] = [0, 1, 2].map((number) => ({
    number,
    group: "drawn at random",
    reference: fakeAsset(0),
    a: fakeAsset(1 + number),
    b: fakeAsset(5 + number),
  }));
  const said: OwnJudgement[] = [];
  const benchmarks = {
    list: () =>
      Promise.resolve({
        sets,
        layouts: [
          { id: "nights", title: "NIGHTS" },
          { id: "cute", title: "CUTE" },
        ],
      }),
    result: () => Promise.resolve(result),
    triplets: (query: { readonly filter: TripletFilter; readonly offset: number; readonly limit: number }) => {
      asked(query);
      const items = Array.from({ length: Math.min(query.limit, triplets - query.offset) }, (_, place) =>
        fakeTriplet(query.offset + place, true),
      );
      return Promise.resolve({ total: triplets, items });
    },
    run,
    add,
    remove: () => Promise.resolve({}),
    table: () => Promise.resolve({ csv: "" }),
    look: ({ layout }: { readonly layout: string | null }) =>
      Promise.resolve(
        layout === "cute"
          ? { layout: null, triplets: 0, partial: null, notes: [], problem: "No category holds two instances." }
          : { layout: "nights", triplets: 5, partial: "This copy lacks 2 of the 9 pictures of its triplets.", notes: [], problem: null },
      ),
    judgements: {
      next: () => Promise.resolve(dealt[said.length] ?? null),
      say: (judgement: OwnJudgement) => {
        said.push(judgement);
        return Promise.resolve({});
      },
      undo: () => {
        said.pop();
        return Promise.resolve({});
      },
    },
  };
  renderApp(withAnswers(client, { benchmarks }), address);
  return { run, add, asked, said, commands };
}

const panel = (): HTMLElement => screen.getByRole("region", { name: "Triplets" });

test("shares with their intervals, differences with the better one first, and no proof", async () => {
  openTrust();
  const table = await screen.findByRole("table", { name: "How often each metric agrees with people" });
  expect(within(table).getByRole("img", { name: "90.0 % right, 90 of 100, 95 % interval 85.0 % to 95.0 %" })).toBeTruthy();
  expect(within(table).getAllByText("Not listed")).toHaveLength(4);
  const difference = screen.getByRole("table", { name: "Is the difference real?" });
  expect(
    within(difference)
      .getAllByRole("row")
      .map(({ textContent }) => textContent),
  ).toEqual(["PairOnly 1stOnly 2ndpReal?", "DINOv2 over CLIP1020.039Yes", "DiffSim over CLIP940.270Unclear"]);
  expect(screen.getByText(/does not vouch for any single score/)).toBeTruthy();
  expect(screen.getByText("Left out: 7 times a row of the split train.")).toBeTruthy();
  expect(screen.getByRole("button", { name: /^NIGHTS/ }).getAttribute("aria-current")).toBe("true");
});

test("triplets are walked through by key, and a combination of votes leads to its own", async () => {
  const { asked } = openTrust();
  await screen.findByRole("region", { name: "Triplets" });
  expect(await within(panel()).findByText("1 of 50")).toBeTruthy();
  expect(within(panel()).getByText("People say Right. CLIP chose Left. The vote is right.")).toBeTruthy();
  expect(within(panel()).getByText("CLIP, 0.800 against 0.700")).toBeTruthy();
  fireEvent.keyDown(document.body, { key: "j" });
  expect(await within(panel()).findByText("2 of 50")).toBeTruthy();
  fireEvent.keyDown(within(panel()).getByRole("button", { name: "Next triplet" }), { key: "ArrowDown" });
  expect(await within(panel()).findByText("3 of 50")).toBeTruthy();
  fireEvent.keyDown(document.body, { key: "k" });
  expect(await within(panel()).findByText("2 of 50")).toBeTruthy();
  fireEvent.click(within(panel()).getAllByRole("button", { name: /^Triplet / })[2] ?? document.body);
  expect(await within(panel()).findByText("5 of 50")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Right: DiffSim, DINOv2: 12 triplets" }));
  await waitFor(() => expect(asked.mock.lastCall?.[0].filter).toEqual({ kind: "right", metrics: ["diffsim-s", "dinov2-cls"] }));
  expect(window.location.hash).toContain("filter=right%3Adiffsim-s%2Bdinov2-cls".replaceAll("%3A", ":"));
  expect(await within(panel()).findByText("1 of 50")).toBeTruthy();
});

test("what CLIP took for the right picture is opened in Compare", async () => {
  openTrust({ address: "#/trust?at=1" });
  fireEvent.click(await screen.findByRole("button", { name: "Open in Compare" }));
  await waitFor(() => expect(window.location.hash).toBe(`#/compare?a=${fakeAsset(3).id}&b=${fakeAsset(4).id}`));
});

test("a set is run with the metrics of the library; one that runs is held, and shows what it found so far", async () => {
  const { run } = openTrust({ sets: [fakeSet({ latest: null })], result: null });
  expect(await screen.findByText("This set was not run yet")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Run" }));
  await waitFor(() => expect(run).toHaveBeenCalledWith({ setId: fakeSet().id, metrics: null }, expect.anything()));
  cleanup();
  const set = fakeSet({ jobId: job.id, latest: { metric: "ensemble", accuracy: 0.8, judged: 30, finishedMs: null } });
  const { commands } = openTrust({ sets: [set], jobs: [job], result: fakeResult({ set, judged: 30, finishedMs: null }) });
  expect(await screen.findByText("So far: 30 of 100 triplets, in the order of the set.")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Pause the run" }));
  await waitFor(() => expect(commands).toHaveBeenCalledWith("jobs.pause", { jobId: job.id }));
  fireEvent.click(screen.getByRole("button", { name: "Stop the run" }));
  await waitFor(() => expect(commands).toHaveBeenCalledWith("jobs.cancel", { jobId: job.id }));
  cleanup();
  const error = { code: "disk/full", message: "The disk is full.", hint: "Make room." } as const;
  openTrust({ jobs: [{ ...job, state: "failed", error }] });
  expect((await screen.findByRole("alert")).textContent).toBe("The last run failed. The disk is full. Make room.");
});

test("a folder is recognised, says what it lacks, and is added", async () => {
  const { add } = openTrust();
  fireEvent.click(await screen.findByRole("button", { name: "Add a dataset folder" }));
  const choose = await screen.findByRole<HTMLButtonElement>("button", { name: "Choose this folder" });
  await waitFor(() => expect(choose.disabled).toBe(false));
  fireEvent.click(choose);
  const dialog = await screen.findByRole("dialog", { name: "Add a set of judgements" });
  expect(await within(dialog).findByText("This copy lacks 2 of the 9 pictures of its triplets.")).toBeTruthy();
  expect(within(dialog).getByText("5 triplets.")).toBeTruthy();
  fireEvent.click(within(dialog).getByRole("button", { name: "Add set" }));
  await waitFor(() => expect(add).toHaveBeenCalledWith({ path: "/home", layout: "nights" }, expect.anything()));
});

test("one's own triplets are judged by arrows, taken back, and left with Escape", async () => {
  const { said } = openTrust();
  fireEvent.click(await screen.findByRole("button", { name: "Judge my own triplets" }));
  const area = await screen.findByRole("button", { name: "Left: picture-1.png" });
  fireEvent.keyDown(area, { key: "ArrowLeft" });
  fireEvent.keyDown(await screen.findByRole("button", { name: "Left: picture-2.png" }), { key: "ArrowDown" });
  await screen.findByRole("button", { name: "Left: picture-3.png" });
  expect(said.map(({ choice }) => choice)).toEqual(["a", null]);
  fireEvent.keyDown(screen.getByRole("button", { name: "Left: picture-3.png" }), { key: "Backspace" });
  fireEvent.click(await screen.findByRole("button", { name: "Right: picture-6.png" }));
  expect(await screen.findByText("2 answers in this sitting")).toBeTruthy();
  expect(said).toMatchObject([
    { number: 0, choice: "a", reference: fakeAsset(0).id },
    { number: 1, choice: "b" },
  ]);
  fireEvent.keyDown(screen.getByRole("button", { name: "Left: picture-3.png" }), { key: "Escape" });
  expect(await screen.findByRole("table", { name: "How often each metric agrees with people" })).toBeTruthy();
});

test("an error is told; a library that is only read can be looked at but not changed", async () => {
  openTrust({ isReadOnly: true });
  expect((await screen.findByRole<HTMLButtonElement>("button", { name: "Run again" })).disabled).toBe(true);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Judge my own triplets" }).disabled).toBe(true);
  cleanup();
  const { client } = fakeEngine();
  const list = (): never => {
    throw appError("internal/fault", "The list cannot be read.");
  };
  const unasked = (): never => list();
  const benchmarks = { ...{ list, run: unasked, add: unasked, remove: unasked, result: unasked, triplets: unasked } };
  renderApp(withAnswers(client, { benchmarks }), "#/trust");
  expect(await screen.findByText("The list cannot be read.")).toBeTruthy();
});
