/** @file Roots that are elsewhere, watched or not, and a library that only may be looked at. */
import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { fakeAsset, fakeEngine, fakeFolder, fakeRoot } from "../../../testing/fake-engine";
import { renderApp } from "../../../testing/render-app";

afterEach(cleanup);

const here = fakeRoot("Paintings");
const gone = fakeRoot("Scans", { isAvailable: false, watch: { mode: "off", note: null } });
const share = fakeRoot("Share", { watch: { mode: "polling", note: "The share tells of no changes." } });
const library = {
  assets: [fakeAsset(0), fakeAsset(1, { isMissing: true })],
  roots: [here, gone, share],
  folders: [here, gone, share].map(fakeFolder),
};

test("a folder that is not there says so, and is found again where it seems to be", async () => {
  const { client, commands } = fakeEngine({ ...library, places: [{ path: "/media/usb/Scans", found: 7, checked: 8 }] });
  renderApp(client);
  expect(await screen.findByRole("treeitem", { name: /Scans, not connected/ })).toBeTruthy();
  expect((await screen.findAllByRole("gridcell", { name: /original not found/ })).length).toBe(1);
  fireEvent.click(screen.getByRole("button", { name: 'Find "Scans"...' }));
  const dialog = await screen.findByRole("dialog", { name: 'Where is "Scans" now?' });
  expect(await within(dialog).findByText("7 of 8 files looked for are there")).toBeTruthy();
  fireEvent.click(within(dialog).getByRole("button", { name: "Use this folder" }));
  expect(await screen.findByText('"Scans" is found again')).toBeTruthy();
  expect(commands).toHaveBeenCalledWith("roots.relocate", { rootId: gone.id, path: "/media/usb/Scans" });
});

test("a folder is chosen in the page where it was not found", async () => {
  const { client, commands } = fakeEngine(library);
  renderApp(client);
  fireEvent.click(await screen.findByRole("button", { name: 'Find "Scans"...' }));
  expect(await screen.findByText("It was not found on the connected drives.")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Choose folder..." }));
  const picker = await screen.findByRole("dialog", { name: "Where the folder is now" });
  fireEvent.click(await within(picker).findByRole("button", { name: "It is this folder" }));
  await vi.waitFor(() => expect(commands).toHaveBeenCalledWith("roots.relocate", { rootId: gone.id, path: "/home" }));
});

test("how changes are noticed is shown at each folder and switched in its menu", async () => {
  const { client, commands } = fakeEngine(library);
  renderApp(client);
  const item = await screen.findByRole("treeitem", { name: /Share/ });
  expect(within(item).getByTitle("The share tells of no changes.")).toBeTruthy();
  const watched = screen.getByRole("treeitem", { name: /Paintings/ });
  expect(within(watched).getByTitle("Changes in here are taken up by themselves.")).toBeTruthy();
  fireEvent.contextMenu(watched);
  fireEvent.click(await screen.findByRole("menuitem", { name: "Do not take up changes by itself" }));
  await vi.waitFor(() => expect(commands).toHaveBeenCalledWith("roots.setWatched", { rootId: here.id, isWatched: false }));
});

test("a library that is open read-only says why nothing can be changed, and offers nothing that would", async () => {
  const { client } = fakeEngine({ ...library, isReadOnly: true });
  renderApp(client);
  expect(await screen.findByText(/^This library is open read-only:/)).toBeTruthy();
  expect((await screen.findByRole<HTMLButtonElement>("button", { name: 'Find "Scans"...' })).disabled).toBe(true);
  fireEvent.contextMenu(screen.getByRole("treeitem", { name: /Paintings/ }));
  const entry = await screen.findByRole("menuitem", { name: "Look for new and changed files" });
  expect([entry.getAttribute("aria-disabled"), entry.title]).toEqual(["true", "The library is open read-only"]);
});
