/** @file Renders the whole interface over a fake engine. For tests. */
import { RouterProvider } from "@tanstack/react-router";
import { configure, render, type RenderResult } from "@testing-library/react";
import { vi } from "vitest";
import { Providers } from "../app/providers";
import { createAppRouter } from "../app/router";
import type { EngineClient } from "../lib/engine";

// Machines that build several things at once are slow.
configure({ asyncUtilTimeout: 10_000 });

const size = { width: 1000, height: 700 };

/** Gives every element a size and maps their colours: the test's page has neither layout nor style sheet. */
export function stubPage(): void {
  for (let stop = 0; stop <= 10; stop++)
    document.documentElement.style.setProperty(`--heat-${stop}`, `#${(stop * 20).toString(16).padStart(2, "0").repeat(3)}`);
  vi.stubGlobal(
    "ResizeObserver",
    class {
      readonly #report: ResizeObserverCallback;
      constructor(report: ResizeObserverCallback) {
        this.#report = report;
      }
      observe(target: Element): void {
        const box = [{ inlineSize: size.width, blockSize: size.height }];
        const entry = { target, contentRect: size, borderBoxSize: box, contentBoxSize: box };
        this.#report([entry as unknown as ResizeObserverEntry], this);
      }
      unobserve(): void {}
      disconnect(): void {}
    },
  );
  for (const name of ["offsetWidth", "clientWidth"] as const) vi.spyOn(HTMLElement.prototype, name, "get").mockReturnValue(size.width);
  for (const name of ["offsetHeight", "clientHeight"] as const) vi.spyOn(HTMLElement.prototype, name, "get").mockReturnValue(size.height);
}

/** Opens the interface at `address`, e.g. "#/library?text=cat". */
export function renderApp(client: EngineClient, address = "#/library"): RenderResult {
  stubPage();
  (window as unknown as { happyDOM: { setViewport(size: { width: number; height: number }): void } }).happyDOM.setViewport({
    width: 1440,
    height: 900,
  });
  window.location.hash = address;
  return render(
    <Providers client={client} shell={null}>
      <RouterProvider router={createAppRouter()} />
    </Providers>,
  );
}
