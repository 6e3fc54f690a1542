/** @file The size of an element, live. */
import { type RefCallback, useCallback, useState } from "react";

export interface ElementSize {
  readonly width: number;
  readonly height: number;
}

/** Returns a ref for the element to watch and its content size in pixels (0 by 0 before it is laid out). */
export function useElementSize<E extends HTMLElement>(): readonly [RefCallback<E>, ElementSize] {
  const [size, setSize] = useState<ElementSize>({ width: 0, height: 0 });
  const ref = useCallback((element: E | null) => {
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      setSize((known) => (known.width === width && known.height === height ? known : { width, height }));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}
