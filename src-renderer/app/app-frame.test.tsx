/** @file The window as a person meets it: welcome, library, keys, jobs. */
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Job } from "#shared/domain/job";
import type { MetricCard } from "#shared/domain/model-card";
import { brandId } from "#shared/lib/branded-id";
import { closeWindow } from "../features/shell/shell-state";
import { usePreferences } from "../lib/preferences";
import { useSelection } from "../lib/selection";
import { fakeAsset, fakeDevice, fakeEngine, fakeFolder, fakeRoot } from "../testing/fake-engine";
import { renderApp } from "../testing/render-app";

const metric: MetricCard = {
  metric: "starter-style",
  title: "Starter, style",
  hint: "",
  needs: "",
  question: "style",
  model: "starter",
  state: "ready",
  measured: 8,
  total: 8,
  accuracy: null,
  hasHeatMap: true,
};
const job: Job = {
  id: brandId("job"),
  kind: "index",
  title: "Measuring pictures",
  state: "running",
  step: "measure",
  done: 29_894,
  total: 48_216,
  imagesPerSecond: 38,
  etaSeconds: 480,
  device: "cpu",
  issueCount: 0,
  error: null,
  startedMs: 0,
};
const root = fakeRoot("Paintings");
const library = {
  assets: Array.from({ length: 8 }, (_, index) => fakeAsset(index)),
  roots: [root],
  folders: [fakeFolder(root)],
  metrics: [metric],
};

beforeEach(() => {
  localStorage.clear();
  usePreferences.setState({ panels: {}, theme: "system" });
  useSelection.setState({ ids: new Set(), current: null });
  closeWindow();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("the first run offers folders and the sample, and says what is missing", async () => {
  const { client, commands } = fakeEngine({ isFirstRun: true });
  renderApp(client);
  fireEvent.click(await screen.findByRole("button", { name: "Open sample library" }));
  await waitFor(() => expect(commands).toHaveBeenCalledWith("roots.addSample", {}));
  expect(await screen.findByText("3 places searched in 1.2 s")).toBeTruthy();
  expect((await screen.findAllByRole("button", { name: "Locate..." })).length).toBeGreaterThan(0);
});

test("a folder is added through the picker of the page", async () => {
  const { client, commands } = fakeEngine({ isFirstRun: true });
  renderApp(client);
  fireEvent.click(await screen.findByRole("button", { name: "Choose folders..." }));
  const list = await screen.findByRole("listbox", { name: "Folders" });
  fireEvent.keyDown(list, { key: "Enter" });
  await waitFor(() => expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Path" }).value).toBe("/home/Paintings"));
  fireEvent.click(screen.getByRole("button", { name: "Add this folder" }));
  await waitFor(() => expect(commands).toHaveBeenCalledWith("roots.add", { paths: ["/home/Paintings"] }));
});

test("the library shows folders with counts and a tile for each picture", async () => {
  const { client } = fakeEngine({
    ...library,
    assets: [...library.assets, fakeAsset(8, { isMeasured: false }), fakeAsset(9, { isMissing: true })],
  });
  renderApp(client);
  expect(await screen.findByRole("gridcell", { name: "picture-0.png, 300 by 200 pixels" })).toBeTruthy();
  expect(screen.getByRole("gridcell", { name: "picture-8.png, 300 by 200 pixels, not measured yet" })).toBeTruthy();
  expect(screen.getByRole("gridcell", { name: "picture-9.png, 300 by 200 pixels, original not found" })).toBeTruthy();
  expect(within(screen.getByRole("tree", { name: "Folders" })).getByRole("treeitem", { name: /Paintings/ }).textContent).toContain("8");
});

test("pictures are selected with the mouse and the keyboard, and F asks Find about them", async () => {
  const { client } = fakeEngine(library);
  renderApp(client);
  const tile = async (index: number) => screen.findByRole("gridcell", { name: new RegExp(`picture-${index}\\.png`) });
  fireEvent.click(await tile(1));
  fireEvent.click(await tile(3), { ctrlKey: true });
  expect(await screen.findByText("2 selected")).toBeTruthy();
  fireEvent.keyDown(await tile(3), { key: "ArrowRight", shiftKey: true });
  await waitFor(() => expect([...useSelection.getState().ids]).toEqual([library.assets[3]?.id, library.assets[4]?.id]));
  fireEvent.keyDown(await tile(4), { key: "f" });
  const refs = [3, 4].map((index) => `${library.assets[index]?.id}:1`).join(",");
  await waitFor(() => expect(window.location.hash).toBe(`#/find?refs=${refs}&metric=starter-style`));
});

test("a filter without matches says so and can be cleared", async () => {
  renderApp(fakeEngine(library).client, "#/library?text=heron");
  expect(await screen.findByText('No file name in All images contains "heron".')).toBeTruthy();
  fireEvent.click(screen.getAllByRole("button", { name: "Clear filter" })[0] as HTMLElement);
  expect(await screen.findByRole("gridcell", { name: /picture-0/ })).toBeTruthy();
});

test("removing a folder names what is forgotten and asks first", async () => {
  const { client, commands } = fakeEngine(library);
  renderApp(client);
  fireEvent.keyDown(await screen.findByRole("treeitem", { name: /Paintings/ }), { key: "Delete" });
  const dialog = await screen.findByRole("alertdialog");
  expect(dialog.textContent).toContain("The index of 8 images is forgotten");
  expect(dialog.textContent).toContain("/pictures/Paintings");
  expect(commands).not.toHaveBeenCalled();
  fireEvent.click(within(dialog).getByRole("button", { name: "Remove folder" }));
  await waitFor(() => expect(commands).toHaveBeenCalledWith("roots.remove", { rootId: root.id }));
});

test("the status bar shows the running job and pauses it", async () => {
  const { client, commands } = fakeEngine({ ...library, jobs: [job], issueCount: 212 });
  renderApp(client);
  expect(await screen.findByText("29,894 of 48,216")).toBeTruthy();
  for (const words of ["38 images/s", "8 min left", "212 skipped"]) expect(screen.getByText(words)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Pause indexing" }));
  await waitFor(() => expect(commands).toHaveBeenCalledWith("jobs.pause", { jobId: "job" }));
});

test("Ctrl K finds a command by its letters and runs it", async () => {
  const { client, commands } = fakeEngine(library);
  renderApp(client);
  await screen.findByRole("gridcell", { name: /picture-0/ });
  fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  const input = await screen.findByRole("combobox", { name: "Search commands and folders" });
  fireEvent.change(input, { target: { value: "look for" } });
  fireEvent.keyDown(input, { key: "Enter" });
  await waitFor(() => expect(commands).toHaveBeenCalledWith("roots.rescan", {}));
});

test("F8 hides the details and ? lists the shortcuts", async () => {
  renderApp(fakeEngine(library).client);
  expect(await screen.findByRole("region", { name: "Details of the selection" })).toBeTruthy();
  fireEvent.keyDown(document.body, { key: "F8" });
  await waitFor(() => expect(screen.queryByRole("region", { name: "Details of the selection" })).toBeNull());
  fireEvent.keyDown(document.body, { key: "?", shiftKey: true });
  expect((await screen.findByRole("dialog", { name: "Keyboard shortcuts" })).textContent).toContain("Move by row and column");
});

test("the status bar says where the models run, and leads to the devices", async () => {
  const message = "NVIDIA GeForce RTX 4090 was unplugged. The processor takes over.";
  const passed = { ok: true, imagesPerSecond: 38.1, parity: 0.0004, message: null, atMs: 1 };
  const devices = [
    fakeDevice("cpu", { name: "AMD EPYC", test: { ...passed, imagesPerSecond: 1.4, parity: 0 } }),
    fakeDevice("webgpu", { name: "NVIDIA GeForce RTX 4090", isInUse: false, test: passed, failure: { message, atMs: 2 } }),
    fakeDevice("cuda", { isInUse: false, available: false, detail: "Its libraries could not be loaded." }),
    fakeDevice("coreml", { name: "Core ML", isInUse: false, supported: false, available: false }),
  ];
  const { client, commands } = fakeEngine({ ...library, devices, fallback: { device: "webgpu", reason: message, message, atMs: 2 } });
  renderApp(client);
  const chip = await screen.findByRole("button", { name: "Device: AMD EPYC" });
  expect(chip.title).toBe(message);
  fireEvent.click(chip);
  const list = await screen.findByRole("list", { name: "Devices" });
  const rows = await within(list).findAllByRole("listitem");
  expect(rows.map((row) => row.getAttribute("aria-current"))).toEqual(["true", null, null]);
  expect(rows[0]?.textContent).toContain("1.4 /s");
  expect(rows[1]?.textContent).toMatch(/38 \/s.*0\.0004|Failed.*unplugged/);
  expect(rows[2]?.textContent).toContain("Its libraries could not be loaded.");
  expect(screen.getByText("Not on this system: Core ML.")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Test NVIDIA GeForce RTX 4090" }));
  await waitFor(() => expect(commands).toHaveBeenCalledWith("devices.selfTest", { device: "webgpu" }));
  const use = screen.getByRole<HTMLButtonElement>("button", { name: "Use NVIDIA GeForce RTX 4090" });
  await waitFor(() => expect(use.disabled).toBe(false));
  fireEvent.click(use);
  await waitFor(() => expect(commands).toHaveBeenCalledWith("devices.choose", { device: "webgpu" }));
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Use The cuda" }).disabled).toBe(true);
});
