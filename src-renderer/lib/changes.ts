/** @file Says that assets were added, removed or measured, to views that hold more than a query. */

const listeners = new Set<() => void>();

/** Tells everyone who listens. */
export function announceAssetChange(): void {
  for (const listener of listeners) listener();
}

/** Calls `listener` on every change until the returned function is called. */
export function onAssetChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
