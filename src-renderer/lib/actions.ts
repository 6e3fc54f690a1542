/** @file Actions as data: one list feeds the command palette, the keyboard and the sheet of shortcuts. */
import type { LucideIcon } from "lucide-react";
import { useEffect } from "react";
import { create } from "zustand";

/** Groups of the palette and of the shortcut sheet, in their order. */
export const actionGroups = ["selection", "images", "library", "find", "compare", "view", "go"] as const;
export type ActionGroup = (typeof actionGroups)[number];

/**
 * Something a person can do. `shortcut` is written as shown, e.g. "Ctrl K", "Shift F", "F7" ("Ctrl" is Command on a Mac).
 * A shortcut without Ctrl or Alt acts only outside of text fields and dialogs. `unavailable` says why it cannot run now.
 */
export interface Action {
  readonly id: string;
  readonly label: string;
  readonly group: ActionGroup;
  readonly icon?: LucideIcon;
  readonly shortcut?: string;
  readonly enabled?: boolean;
  readonly unavailable?: string;
  /** Left out of the palette, e.g. arrow keys that only the sheet explains. */
  readonly isHidden?: boolean;
  readonly run: () => void;
}

/** A key that the focused control answers itself: the sheet of shortcuts lists it, nothing else. */
export function explainedKey(id: string, label: string, shortcut: string): Action {
  return { id, label, shortcut, group: "images", isHidden: true, run: () => undefined };
}

interface ActionsState {
  readonly sets: ReadonlyMap<symbol, readonly Action[]>;
}

const useActionsStore = create<ActionsState>(() => ({ sets: new Map() }));

function setActions(key: symbol, actions: readonly Action[] | null): void {
  useActionsStore.setState(({ sets }) => {
    const next = new Map(sets);
    if (actions) next.set(key, actions);
    else next.delete(key);
    return { sets: next };
  });
}

/** Offers `actions` while the calling component is mounted. Memoise the list. */
export function useActions(actions: readonly Action[]): void {
  useEffect(() => {
    const key = Symbol("actions");
    setActions(key, actions);
    return () => setActions(key, null);
  }, [actions]);
}

/** Every action offered now, later ones overriding earlier ones of the same id. */
export function listActions(sets: ReadonlyMap<symbol, readonly Action[]>): readonly Action[] {
  const byId = new Map<string, Action>();
  for (const actions of sets.values()) for (const action of actions) byId.set(action.id, action);
  return [...byId.values()];
}

/** The sets of actions, for views that list them; pass to {@link listActions}. */
export function useActionSets(): ReadonlyMap<symbol, readonly Action[]> {
  return useActionsStore((state) => state.sets);
}

/** The actions at this moment, for event handlers. */
export function currentActions(): readonly Action[] {
  return listActions(useActionsStore.getState().sets);
}
