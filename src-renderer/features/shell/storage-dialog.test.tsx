/** @file What is kept, as a person sees it and makes room. */
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CachedRecipe } from "#shared/domain/feature-cache";
import { brandId } from "#shared/lib/branded-id";
import { type FakeLibrary, fakeEngine } from "../../testing/fake-engine";
import { renderApp } from "../../testing/render-app";
import { closeWindow, openWindow } from "./shell-state";

const unchecked: CachedRecipe = {
  recipeId: brandId<CachedRecipe["recipeId"]>("0".repeat(16)),
  metric: "starter-style",
  modelName: "starter",
  form: "float16",
  choice: "auto",
  check: null,
  files: 164,
  bytes: 2e6,
  hits: 0,
  misses: 0,
};
const checked: CachedRecipe = {
  ...unchecked,
  recipeId: brandId<CachedRecipe["recipeId"]>("1".repeat(16)),
  metric: "diffsim-s",
  form: "int8",
  check: { queries: 20, pictures: 150, tau: 0.9953, recall: 1, identity: 1e-6, bytesPerPicture: 2e6, isAccepted: true, checkedMs: 1 },
  bytes: 3e9,
  hits: 49,
  misses: 1,
};
const library: Partial<FakeLibrary> = {
  cache: { budgetBytes: 20e9, files: 328, bytes: 3.002e9, hitShare: 0.98, recipes: [unchecked, checked] },
  weightCache: {
    folder: "/cache/weights",
    budgetBytes: 10e9,
    bytes: 3.4e9,
    weights: [{ path: "/models/v1-5.safetensors", bytes: 3.4e9, usedMs: 1 }],
  },
};

/** The dialog over a fake engine. */
async function openStorage(change: Partial<FakeLibrary> = {}) {
  const { client, commands } = fakeEngine({ ...library, ...change });
  renderApp(client);
  await screen.findByRole("main");
  openWindow("storage");
  const features = within(await screen.findByRole("region", { name: "Attention features" }));
  await features.findByRole("list");
  const weights = within(screen.getByRole("region", { name: "Prepared weights" }));
  await weights.findByRole("list");
  return { commands, features, weights };
}

/** Answers the question that stands over everything. */
async function answer(title: string, button: string): Promise<void> {
  const question = await screen.findByRole("alertdialog", { name: title });
  fireEvent.click(within(question).getByRole("button", { name: button }));
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
}

beforeEach(closeWindow);
afterEach(() => {
  closeWindow();
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("says what is kept, in which form, how well eight bits do, and how large it is", async () => {
  const { features, weights } = await openStorage();
  expect(features.getByRole("meter", { name: "Attention features" }).getAttribute("aria-valuetext")).toBe("3.0 GB of 20.0 GB");
  expect(features.getByText(/328 sets of features · 98\.0 % found when needed/)).toBeTruthy();
  const [first, second] = features.getAllByRole("listitem");
  expect(first?.textContent).toMatch(/starter-style.*Eight bits: not checked yet.*Automatic: 16 bits.*164.*2\.0 MB/);
  expect(second?.textContent).toMatch(/accepted, tau 0\.995, recall@20 1\.000.*Automatic: 8 bits.*3\.0 GB.*98\.0 %/);
  expect(weights.getByRole("listitem").textContent).toContain("v1-5.safetensors3.4 GB");
  expect(weights.getByText("In /cache/weights")).toBeTruthy();
});

test("a budget counts once it is set; one below what is kept is asked about", async () => {
  const { commands, features, weights } = await openStorage();
  const field = features.getByRole("textbox", { name: "Budget of attention features in gigabytes" });
  const set = features.getByRole<HTMLButtonElement>("button", { name: "Set the budget of attention features" });
  expect(set.disabled).toBe(true);
  fireEvent.change(field, { target: { value: "5" } });
  expect(commands).not.toHaveBeenCalled();
  fireEvent.click(set);
  await waitFor(() => expect(commands).toHaveBeenLastCalledWith("cache.setBudget", { bytes: 5e9 }));
  await waitFor(() => expect(set.disabled).toBe(true));
  fireEvent.change(weights.getByRole("textbox"), { target: { value: "2" } });
  fireEvent.click(weights.getByRole("button", { name: /^Set/ }));
  await answer("Set the budget to 2.0 GB?", "Cancel");
  expect(commands).toHaveBeenCalledTimes(1);
  fireEvent.click(weights.getByRole("button", { name: /^Set/ }));
  await answer("Set the budget to 2.0 GB?", "Set");
  await waitFor(() => expect(commands).toHaveBeenLastCalledWith("weightCache.setBudget", { bytes: 2e9 }));
});

test("what is cleared is asked about first: one recipe, all features, the copies", async () => {
  const { commands, features, weights } = await openStorage();
  fireEvent.click(features.getByRole("button", { name: "Clear the features of diffsim-s" }));
  await answer("Clear the features of diffsim-s?", "Clear");
  await waitFor(() => expect(commands).toHaveBeenLastCalledWith("cache.clear", { recipeId: checked.recipeId }));
  expect(await screen.findByText("Dropped 328 sets of features, 3.0 GB")).toBeTruthy();
  const all = features.getByRole<HTMLButtonElement>("button", { name: "Clear attention features" });
  await waitFor(() => expect(all.disabled).toBe(false));
  fireEvent.click(all);
  await answer("Clear attention features?", "Clear");
  await waitFor(() => expect(commands).toHaveBeenLastCalledWith("cache.clear", { recipeId: null }));
  fireEvent.click(weights.getByRole("button", { name: "Clear prepared weights" }));
  await answer("Clear prepared weights?", "Clear");
  await waitFor(() => expect(commands).toHaveBeenLastCalledWith("weightCache.clear", {}));
});

test("a read-only library says why its features stay; the weights belong to no library", async () => {
  const { features, weights } = await openStorage({ isReadOnly: true });
  expect(features.getByText(/open read-only, so its kept features and their budget cannot be changed/)).toBeTruthy();
  expect(features.getAllByRole<HTMLButtonElement>("button").filter(({ disabled }) => !disabled)).toEqual([]);
  expect(features.getByRole<HTMLInputElement>("textbox").disabled).toBe(true);
  expect(weights.getByRole<HTMLButtonElement>("button", { name: "Clear prepared weights" }).disabled).toBe(false);
});
