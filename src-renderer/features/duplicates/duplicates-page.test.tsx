/** @file The review as a person meets it: wait, look, keep apart, take back, flag, and go where a picture leads. */
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { appError } from "#shared/domain/app-error";
import type { DuplicateQuery, Duplicates, DuplicatesEvent } from "#shared/domain/duplicates";
import { selectOnly } from "../../lib/selection";
import { useUndoHistory } from "../../lib/undo-history";
import { fakeDuplicates } from "../../testing/fake-duplicates";
import { fakeAsset, fakeEngine } from "../../testing/fake-engine";
import { renderApp } from "../../testing/render-app";
import { withAnswers } from "../../testing/with-answers";
import { useReview } from "./review-state";

const initial = useReview.getState();
const library = { assets: Array.from({ length: 9 }, (_, index) => fakeAsset(index)) };

beforeEach(() => {
  useReview.setState(initial, true);
  useUndoHistory.setState({ steps: [] });
  selectOnly([]);
});
afterEach(cleanup);

/** Opens the review over an engine that answers with `answer`; a step of the way comes first. */
function openReview(
  answer: (query: DuplicateQuery) => Duplicates,
  { address = "#/duplicates", isReadOnly = false }: { readonly address?: string; readonly isReadOnly?: boolean } = {},
) {
  const { client, commands } = fakeEngine({ ...library, isReadOnly });
  const list = vi.fn(async function* (query: DuplicateQuery): AsyncGenerator<DuplicatesEvent> {
    yield { done: 4, total: 9, answer: null };
    yield { done: 9, total: 9, answer: await Promise.resolve(answer(query)) };
  });
  const keepApart = vi.fn(() => Promise.resolve({}));
  const undoKeepApart = vi.fn(() => Promise.resolve({}));
  renderApp(withAnswers(client, { duplicates: { list, keepApart, undoKeepApart } }), address);
  return { list, keepApart, undoKeepApart, commands };
}

const key = (pressed: string, modifiers: { readonly ctrlKey?: boolean } = {}): void => {
  fireEvent.keyDown(document.activeElement ?? document.body, { key: pressed, ...modifiers });
};
const picture = (index: number): Promise<HTMLElement> => screen.findByRole("gridcell", { name: new RegExp(`^picture-${index}\\.png,`) });
const idOf = (index: number): string => fakeAsset(index).id;

test("groups are rows with the best picture first, and say how alike the others are", async () => {
  const { list } = openReview(() => fakeDuplicates([2, 3]));
  expect(await screen.findByText("2 groups")).toBeTruthy();
  expect((await picture(0)).getAttribute("aria-label")).toBe("picture-0.png, 300 × 200, 1.0 KB, PNG, Suggested");
  expect((await picture(4)).getAttribute("aria-label")).toContain("0.990 alike, 2 bits apart");
  expect(screen.getAllByRole("rowheader").map(({ textContent }) => textContent)).toEqual([
    "Group 12 pictures2.0 KBNot duplicates",
    "Group 23 pictures3.0 KBNot duplicates",
  ]);
  expect(list.mock.calls.map(([query]) => query)).toEqual([
    { tier: "near", metric: null, low: null, high: null, folder: null, where: null },
  ]);
  expect(screen.getByText(/Nothing is deleted or moved here/)).toBeTruthy();
});

test("N keeps a picture apart from its group, what follows takes its place, and Ctrl Z brings it back", async () => {
  const { keepApart, undoKeepApart, list } = openReview(() => fakeDuplicates([3, 2]));
  fireEvent.click(await picture(1));
  key("n");
  expect(await screen.findByText("2 pictures are kept apart")).toBeTruthy();
  await waitFor(() => expect(screen.getAllByRole("gridcell")).toHaveLength(4));
  expect(keepApart).toHaveBeenCalledWith({ assetIds: [idOf(0), idOf(1)] });
  expect((await picture(2)).getAttribute("aria-selected")).toBe("true");
  key("z", { ctrlKey: true });
  await waitFor(() => expect(screen.getAllByRole("gridcell")).toHaveLength(5));
  expect(undoKeepApart).toHaveBeenCalledWith({ assetIds: [idOf(0), idOf(1)] });
  expect(list).toHaveBeenCalledTimes(1);
});

test("the button of a group keeps all of it apart, and the notice takes that back", async () => {
  const { keepApart, undoKeepApart } = openReview(() => fakeDuplicates([3, 2]));
  const [first] = await screen.findAllByRole("button", { name: "Not duplicates" });
  fireEvent.click(first ?? document.body);
  await waitFor(() => expect(screen.getAllByRole("rowheader")).toHaveLength(1));
  expect(keepApart).toHaveBeenCalledWith({ assetIds: [idOf(0), idOf(1), idOf(2)] });
  fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(screen.getAllByRole("rowheader")).toHaveLength(2));
  expect(undoKeepApart).toHaveBeenCalledTimes(1);
});

test("keys go from picture to picture, flag it, show it large, compare it and open it in the library", async () => {
  const { commands } = openReview(() => fakeDuplicates([2, 3]));
  fireEvent.click(await picture(0));
  (await picture(0)).focus();
  key("ArrowDown");
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toContain("picture-2.png"));
  key("ArrowRight");
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toContain("picture-3.png"));
  key("x");
  await waitFor(() => expect(commands).toHaveBeenCalledWith("annotations.set", { assetIds: [idOf(3)], change: { flag: "rejected" } }));
  key(" ");
  const preview = await screen.findByRole("region", { name: "Preview" });
  expect(within(preview).getByText("4 of 5")).toBeTruthy();
  key("Escape");
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toContain("picture-3.png"));
  key("Enter");
  await waitFor(() => expect(window.location.hash).toMatch(/^#\/library\?folder=.*pictures&text=picture-3\.png$/));
});

test("N in the preview goes on with the next picture, and arrows still turn its pages", async () => {
  openReview(() => fakeDuplicates([3, 2]));
  fireEvent.doubleClick(await picture(1));
  const preview = await screen.findByRole("region", { name: "Preview" });
  expect(within(preview).getByText("2 of 5")).toBeTruthy();
  key("n");
  expect(await within(preview).findByText("2 of 4")).toBeTruthy();
  expect(within(preview).getByText("picture-2.png")).toBeTruthy();
  key("ArrowRight");
  expect(await within(preview).findByText("picture-3.png")).toBeTruthy();
});

test("C compares a picture with the suggested one, and D leads back to the answer that is there", async () => {
  const { list } = openReview(() => fakeDuplicates([2, 3]));
  fireEvent.click(await picture(4));
  key("c");
  await waitFor(() => expect(window.location.hash).toBe(`#/compare?a=${idOf(2)}&b=${idOf(4)}`));
  key("d");
  expect((await picture(4)).getAttribute("aria-selected")).toBe("true");
  expect(list).toHaveBeenCalledTimes(1);
});

test("what the bounds, the tier and the address say is asked; what was selected elsewhere is not acted on", async () => {
  selectOnly([fakeAsset(8).id]);
  const { list, commands } = openReview(({ tier, low }) => fakeDuplicates([2], { tier, low: low ?? 0.7 }), {
    address: '#/duplicates?tier=scene&folder=/pictures/a&where=format = "png"&high=0.95',
  });
  await picture(0);
  key("p");
  const low = screen.getByRole<HTMLInputElement>("textbox", { name: "Lowest likeness" });
  expect(low.value).toBe("0.700");
  fireEvent.change(low, { target: { value: "0.8" } });
  await waitFor(() => expect(list).toHaveBeenCalledTimes(2));
  fireEvent.click(screen.getByRole("button", { name: "Look in all folders" }));
  await waitFor(() => expect(list).toHaveBeenCalledTimes(3));
  fireEvent.click(screen.getByRole("button", { name: "Near" }));
  await waitFor(() => expect(list).toHaveBeenCalledTimes(4));
  const scene = { tier: "scene", metric: null, low: null, high: 0.95, folder: "/pictures/a", where: 'format = "png"' };
  expect(list.mock.calls.map(([query]) => query)).toEqual([
    scene,
    { ...scene, low: 0.8 },
    { ...scene, low: 0.8, folder: null },
    { ...scene, tier: "near", high: null, folder: null },
  ]);
  expect(commands).not.toHaveBeenCalled();
});

test("files of the same bytes are listed beside their one picture", async () => {
  const [group] = fakeDuplicates([1]).groups;
  const [copy] = group?.pictures ?? [];
  const files = ["a", "b"].map((folder, index) => ({ path: `/${folder}/x.png`, rootId: folder, sizeBytes: 500, modifiedMs: index }));
  openReview(() => ({ ...fakeDuplicates([]), tier: "exact", groups: [{ pictures: copy ? [{ ...copy, files }] : [] }] }), {
    address: "#/duplicates?tier=exact",
  });
  expect(await screen.findByText("/a/x.png")).toBeTruthy();
  expect(screen.getByText("/b/x.png")).toBeTruthy();
  expect(screen.getByText("Group 1").parentElement?.textContent).toBe("Group 12 files1.0 KB");
  expect(screen.queryByRole("button", { name: "Not duplicates" })).toBeNull();
});

test("without duplicates a wider look is offered, and what is not measured is told", async () => {
  const { list } = openReview(({ tier }) => fakeDuplicates([], { tier, looked: 5, unlooked: 2 }));
  expect(await screen.findByText("No near-duplicates")).toBeTruthy();
  expect(screen.getByText("5 pictures were looked at. 2 pictures are not measured yet.")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Look for the same scene" }));
  expect(await screen.findByText("No two pictures of the same scene")).toBeTruthy();
  expect(list).toHaveBeenCalledTimes(2);
});

test("an error says what happened and is tried again; a library that is not measured says what to do", async () => {
  let error = appError("internal/fault", "The table cannot be read.");
  const { list } = openReview(() => {
    throw error;
  });
  expect(await screen.findByText("The table cannot be read.")).toBeTruthy();
  error = appError("library/not-indexed", "The library is not measured with starter-subject yet.");
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Nothing to compare yet")).toBeTruthy();
  expect(list).toHaveBeenCalledTimes(2);
});

test("a library that is open read-only can be reviewed but not changed", async () => {
  const { keepApart, commands } = openReview(() => fakeDuplicates([2]), { isReadOnly: true });
  fireEvent.click(await picture(1));
  key("n");
  key("x");
  expect((await screen.findByRole<HTMLButtonElement>("button", { name: "Not duplicates" })).disabled).toBe(true);
  expect([keepApart.mock.calls, commands.mock.calls]).toEqual([[], []]);
});
