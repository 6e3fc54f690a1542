/** @file How smoothly a matrix is pointed at: frames that a browser paints while every one of them moves the pointer to another cell. */
import process from "node:process";
import { chromium, type Page } from "@playwright/test";
import type { AssetId } from "#shared/domain/asset";
import { ensureBuilt } from "../../build/scripts/ensure-built.mjs";
import { startHost } from "../e2e/fixtures/host-process";

export interface HoverLibrary {
  readonly libraryPath: string;
  /** The folder that is checked. */
  readonly photos: string;
  readonly references: readonly AssetId[];
  readonly homePath: string;
}

const watchedMs = 3000;

/** Frames a second. */
export async function hoverFrames({ libraryPath, photos, references, homePath }: HoverLibrary): Promise<number> {
  ensureBuilt();
  const host = await startHost({ libraryPath, homePath });
  const executablePath = process.env["SEMBLANCE_CHROMIUM"];
  const browser = await chromium.launch(executablePath === undefined ? {} : { executablePath });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(host.address);
    await openCheck(page, `#/consistency?refs=${references.join(",")}&in=${encodeURIComponent(photos)}&instance=starter-style`);
    return await framesWhilePointing(page);
  } finally {
    await browser.close();
    await host.stop();
  }
}

async function openCheck(page: Page, address: string): Promise<void> {
  await page.getByRole("main", { name: "Library" }).waitFor();
  await page.evaluate((hash) => (window.location.hash = hash), address);
  const start = page.getByRole("button", { name: /^Compare all/ });
  await start.click();
  await start.waitFor({ state: "detached" });
  await page.getByText(/pairs scored$/).waitFor({ state: "detached" });
}

async function framesWhilePointing(page: Page): Promise<number> {
  return page.evaluate(async (milliseconds) => {
    const matrix = document.querySelector('[role="application"]');
    if (matrix === null) throw new Error("There is no matrix");
    const box = matrix.getBoundingClientRect();
    const start = performance.now();
    let frames = 0;
    while (performance.now() - start < milliseconds) {
      const [x, y] = [(frames * 37) % 200, (frames * 61) % 200];
      const at = { clientX: box.left + ((x + 0.5) / 200) * box.width, clientY: box.top + ((y + 0.5) / 200) * box.height };
      matrix.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, ...at }));
      await new Promise((resolve) => requestAnimationFrame(resolve));
      frames += 1;
    }
    return (1000 * frames) / (performance.now() - start);
  }, watchedMs);
}
