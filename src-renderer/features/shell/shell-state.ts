/** @file Which of the shell's windows are open. */
import { create } from "zustand";

export type ShellWindow = "palette" | "shortcuts" | "issues" | "devices" | "storage";

interface ShellState {
  readonly open: ShellWindow | null;
}

export const useShellState = create<ShellState>(() => ({ open: null }));

export function openWindow(open: ShellWindow): void {
  useShellState.setState({ open });
}

export function closeWindow(): void {
  useShellState.setState({ open: null });
}
