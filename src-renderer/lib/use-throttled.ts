/** @file Words that follow the pointer, slowly enough to be spoken. */
import { useEffect, useState } from "react";

const speechMs = 1000;

/** Follows a text, but changes at most once a second: a live region that follows the pointer would never be silent. */
export function useThrottled(text: string): string {
  const [spoken, setSpoken] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSpoken(text), speechMs);
    return () => clearTimeout(timer);
  }, [text]);
  return spoken;
}
