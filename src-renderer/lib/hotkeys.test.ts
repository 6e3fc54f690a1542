/** @file Key presses are written as shortcuts are, and plain keys keep out of text fields. */
import { afterEach, expect, test } from "vitest";
import type { Action } from "./actions";
import { actionFor, shortcutOf } from "./hotkeys";

const press = (init: KeyboardEventInit): KeyboardEvent => new KeyboardEvent("keydown", init);

test.each([
  [{ key: "k", ctrlKey: true }, "Ctrl K"],
  [{ key: "F", shiftKey: true }, "Shift F"],
  [{ key: "f" }, "F"],
  [{ key: "?", shiftKey: true }, "?"],
  [{ key: "R", ctrlKey: true, shiftKey: true }, "Ctrl Shift R"],
  [{ key: "F7" }, "F7"],
  [{ key: "2", altKey: true }, "Alt 2"],
  [{ key: " " }, "Space"],
  [{ key: "ArrowLeft", shiftKey: true }, "Shift ←"],
])("%o is written %s", (init, shortcut) => {
  expect(shortcutOf(press(init))).toBe(shortcut);
});

const action = (id: string, shortcut: string, change: Partial<Action> = {}): Action => ({
  id,
  label: id,
  group: "view",
  shortcut,
  run: () => undefined,
  ...change,
});
const actions = [
  action("find", "F"),
  action("palette", "Ctrl K"),
  action("off", "X", { enabled: false }),
  action("arrows", "Space", { isHidden: true }),
];

function asked(init: KeyboardEventInit, target: HTMLElement): string | undefined {
  document.body.append(target);
  let found: Action | null = null;
  target.addEventListener("keydown", (event) => (found = actionFor(event, actions)), { once: true });
  target.dispatchEvent(new KeyboardEvent("keydown", { ...init, bubbles: true }));
  return (found as Action | null)?.id;
}

afterEach(() => document.body.replaceChildren());

test("plain keys act on the page but not in text fields or dialogs", () => {
  const dialog = document.createElement("div");
  dialog.setAttribute("role", "dialog");
  expect(asked({ key: "f" }, document.createElement("div"))).toBe("find");
  expect(asked({ key: "f" }, document.createElement("input"))).toBeUndefined();
  expect(asked({ key: "f" }, dialog)).toBeUndefined();
  expect(asked({ key: "k", ctrlKey: true }, document.createElement("input"))).toBe("palette");
});

test("disabled and merely explained actions never run", () => {
  expect(asked({ key: "x" }, document.createElement("div"))).toBeUndefined();
  expect(asked({ key: " " }, document.createElement("div"))).toBeUndefined();
});
