/** @file Which of the library's windows are open, and whether setting up was put off. */
import { create } from "zustand";
import type { LibraryRoot } from "#shared/domain/library";

/** What the folder picker is open for; `note` says why, e.g. that a dropped folder does not tell its place. */
export type PickerPurpose =
  | { readonly kind: "root" | "model"; readonly note?: string }
  | { readonly kind: "relocate"; readonly root: LibraryRoot; readonly note?: string }
  | OtherFolder;

/** A folder for something that is not the library's own business; `use` is told its path. */
export interface OtherFolder {
  readonly kind: "other";
  readonly title: string;
  readonly chooseLabel: string;
  readonly note?: string;
  readonly use: (path: string) => void;
}

interface SetupState {
  readonly isPutOff: boolean;
  readonly picker: PickerPurpose | null;
  readonly removing: LibraryRoot | null;
  readonly relocating: LibraryRoot | null;
}

export const useSetupState = create<SetupState>(() => ({ isPutOff: false, picker: null, removing: null, relocating: null }));

/** Goes to the empty library instead of the welcome, until the next start. */
export function putOffSetup(): void {
  useSetupState.setState({ isPutOff: true });
}

export function openPicker(picker: PickerPurpose): void {
  useSetupState.setState({ picker });
}

export function closePicker(): void {
  useSetupState.setState({ picker: null });
}

/** Asks whether `root` should be taken out of the library. */
export function askToRemove(root: LibraryRoot): void {
  useSetupState.setState({ removing: root });
}

export function closeRemoval(): void {
  useSetupState.setState({ removing: null });
}

/** Asks where `root` is now. */
export function askForPlace(root: LibraryRoot): void {
  useSetupState.setState({ relocating: root });
}

export function closeRelocation(): void {
  useSetupState.setState({ relocating: null });
}
