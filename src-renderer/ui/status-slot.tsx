/** @file Lets a workspace write into the right end of the status bar. */
import { type ReactNode, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";

let place: HTMLElement | null = null;
const listeners = new Set<() => void>();

function setPlace(element: HTMLElement | null): void {
  place = element;
  for (const listener of listeners) listener();
}

/** Where the words land; the status bar mounts it once. */
export function StatusOutlet(): ReactNode {
  return <div ref={setPlace} className="flex items-center gap-3" />;
}

/** Shows its children at the right end of the status bar while mounted. */
export function StatusContent({ children }: { readonly children: ReactNode }): ReactNode {
  const element = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => place,
  );
  return element ? createPortal(children, element) : null;
}
