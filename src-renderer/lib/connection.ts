/** @file Whether the engine answers, for banners and for views that wait. */
import { create } from "zustand";

/** `up` after the first answered call; `down` while the app tries to reach the engine again. */
export type ConnectionPhase = "connecting" | "up" | "down";

interface ConnectionState {
  readonly phase: ConnectionPhase;
  /** The engine process ended and was started again since this page was opened, and the person has not dismissed the notice. */
  readonly hasRestarted: boolean;
  /** Counts connections: views that hold streams start them anew when it changes. */
  readonly generation: number;
}

export const useConnection = create<ConnectionState>(() => ({ phase: "connecting", hasRestarted: false, generation: 0 }));

export function markUp(): void {
  useConnection.setState(({ generation }) => ({ phase: "up", generation: generation + 1 }));
}

/** `engineEnded` is false when only the connection broke. */
export function markDown(engineEnded: boolean): void {
  useConnection.setState(({ hasRestarted }) => ({ phase: "down", hasRestarted: hasRestarted || engineEnded }));
}

export function dismissRestart(): void {
  useConnection.setState({ hasRestarted: false });
}
