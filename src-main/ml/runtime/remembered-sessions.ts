/** @file Handles of the networks that somebody runs again and again, each authored and loaded once. */
import type { InferenceSession } from "./inference-session";

/** Answers the session of a key, which `load` makes the first time; one that could not be made is tried again. */
export type RememberedSessions<Key> = (key: Key, load: () => Promise<InferenceSession>) => Promise<InferenceSession>;

/** No sessions yet. A handle reloads by itself when its pool has given it up. */
export function rememberSessions<Key>(): RememberedSessions<Key> {
  const handles = new Map<Key, Promise<InferenceSession>>();
  return (key, load) => {
    const handle = handles.get(key) ?? load();
    handles.set(key, handle);
    handle.catch(() => handles.delete(key));
    return handle;
  };
}
