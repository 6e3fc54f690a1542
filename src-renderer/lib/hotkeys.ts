/** @file From a key press to an action. */
import { useEffect } from "react";
import { type Action, currentActions } from "./actions";

const isMac = navigator.userAgent.includes("Mac");

const namedKeys: Readonly<Record<string, string>> = {
  " ": "Space",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
};

/** Writes a key press the way shortcuts are written: "Ctrl Shift R", "F", "?". */
export function shortcutOf(event: KeyboardEvent): string {
  const isShifted = event.shiftKey && (event.key.length > 1 || /[a-z]/i.test(event.key));
  const key = namedKeys[event.key] ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key);
  const isCommand = isMac ? event.metaKey : event.ctrlKey;
  return [isCommand && "Ctrl", event.altKey && "Alt", isShifted && "Shift", key].filter(Boolean).join(" ");
}

/** A shortcut as this system writes it: Command instead of Ctrl on a Mac. */
export function shownShortcut(shortcut: string): string {
  return isMac ? shortcut.replace("Ctrl", "⌘").replace("Alt", "⌥").replace("Shift", "⇧") : shortcut;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) && !isSlider(target)
  );
}

function isSlider(target: HTMLElement): boolean {
  return target instanceof HTMLInputElement && (target.type === "range" || target.type === "checkbox");
}

function isInPopup(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[role="dialog"],[role="alertdialog"],[role="menu"],[role="listbox"]') !== null;
}

/** The action a key press asks for, or null. Plain keys do nothing while someone types or answers a dialog. */
export function actionFor(event: KeyboardEvent, actions: readonly Action[]): Action | null {
  const shortcut = shortcutOf(event);
  const isPlain = !/^(Ctrl|Alt) /.test(shortcut) && !/^F\d+$/.test(shortcut);
  if (isTyping(event.target) && isPlain) return null;
  if (isInPopup(event.target)) return null;
  return actions.find((action) => action.enabled !== false && action.shortcut === shortcut && !action.isHidden) ?? null;
}

/** Runs actions by their shortcuts for the whole window. Controls that use a key themselves stop it first. */
export function useHotkeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const action = actionFor(event, currentActions());
      if (!action) return;
      event.preventDefault();
      action.run();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}
