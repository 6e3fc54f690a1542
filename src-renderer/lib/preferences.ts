/** @file What a person sets once and finds again: theme, panels, thumbnail size. Kept in this browser or window. */
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { create } from "zustand";
import { persist } from "zustand/middleware";

export const themes = ["system", "dark", "light"] as const;
export type Theme = (typeof themes)[number];

/** The overlays are the panels of a narrow window: they lie over the work and start closed. */
export type PanelSide = "left" | "right" | "leftOverlay" | "overlay";

/** One panel of one workspace. `width` in pixels, null = the default. */
export interface PanelState {
  readonly isOpen: boolean;
  readonly width: number | null;
}

interface Preferences {
  readonly theme: Theme;
  readonly thumbnailSize: number;
  readonly panels: Readonly<Record<string, PanelState>>;
  setTheme(theme: Theme): void;
  setThumbnailSize(size: number): void;
  setPanel(workspace: string, side: PanelSide, change: Partial<PanelState>): void;
}

export const thumbnailSizeRange = { min: 90, max: 300, initial: 148 } as const;

const openPanel: PanelState = { isOpen: true, width: null };
const closedPanel: PanelState = { isOpen: false, width: null };

function initialPanel(side: PanelSide): PanelState {
  return side === "overlay" || side === "leftOverlay" ? closedPanel : openPanel;
}

export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      theme: "system",
      thumbnailSize: thumbnailSizeRange.initial,
      panels: {},
      setTheme: (theme) => set({ theme }),
      setThumbnailSize: (thumbnailSize) => set({ thumbnailSize }),
      setPanel: (workspace, side, change) =>
        set(({ panels }) => {
          const key = `${workspace}.${side}`;
          return { panels: { ...panels, [key]: { ...initialPanel(side), ...panels[key], ...change } } };
        }),
    }),
    { name: "semblance.preferences", version: 1 },
  ),
);

/** The panel of a workspace as it was left. */
export function usePanel(workspace: string, side: PanelSide): PanelState {
  return usePreferences((state) => state.panels[`${workspace}.${side}`] ?? initialPanel(side));
}

/** Whether a media query matches, live. */
export function useMediaQuery(query: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", onChange);
      return () => list.removeEventListener("change", onChange);
    },
    () => window.matchMedia(query).matches,
  );
}

/** Below 1280 px the right panel lies over the work; see the layout table of the design. */
export function useIsNarrow(): boolean {
  return useMediaQuery("(max-width: 1279.98px)");
}

/** Which panels stand at the sides now. The right one gives way below 1280 px (unless the work needs it beside itself), both below 1024. */
export function usePanelSides(keepsRight: boolean): { readonly left: PanelSide; readonly right: PanelSide } {
  const isNarrow = useIsNarrow();
  const isSmall = useMediaQuery("(max-width: 1023.98px)");
  return useMemo(
    () => ({ left: isSmall ? "leftOverlay" : "left", right: isSmall || (isNarrow && !keepsRight) ? "overlay" : "right" }),
    [isNarrow, isSmall, keepsRight],
  );
}

/** Closes the panels when any of them is open, else opens all. */
export function togglePanels(workspace: string, sides: readonly PanelSide[]): void {
  const { panels, setPanel } = usePreferences.getState();
  const isOpen = (side: PanelSide): boolean => (panels[`${workspace}.${side}`] ?? initialPanel(side)).isOpen;
  const shouldOpen = !sides.some(isOpen);
  for (const side of sides) setPanel(workspace, side, { isOpen: shouldOpen });
}

/** Puts the chosen theme on the page. */
export function useThemeOnPage(): void {
  const theme = usePreferences((state) => state.theme);
  const isLight = useMediaQuery("(prefers-color-scheme: light)");
  const shown = theme === "system" ? (isLight ? "light" : "dark") : theme;
  useEffect(() => {
    document.documentElement.dataset["theme"] = shown;
  }, [shown]);
}
