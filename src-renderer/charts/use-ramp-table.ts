/** @file The colours of a ramp in the theme of the moment. */
import { useEffect, useState } from "react";
import { type RampName, type RampTable, rampTable, readRampStops } from "./scales";

/** Reads the ramp from the page's tokens, anew when the theme changes. */
export function useRampTable(name: RampName): RampTable {
  const [table, setTable] = useState(() => readTable(name));
  useEffect(() => {
    setTable(readTable(name));
    const observer = new MutationObserver(() => setTable(readTable(name)));
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => observer.disconnect();
  }, [name]);
  return table;
}

function readTable(name: RampName): RampTable {
  return rampTable(readRampStops(name, document.documentElement));
}
