/** @file The welcome that is shown until there is a library. */
import type { Locator } from "@playwright/test";
import type { AppWindow } from "./app-window";

/** The first screen. */
export class FirstRunPage {
  readonly app: AppWindow;
  readonly heading: Locator;
  readonly openSample: Locator;
  readonly chooseFolders: Locator;
  readonly later: Locator;

  constructor(app: AppWindow) {
    this.app = app;
    this.heading = app.page.getByRole("heading", { name: "Find what looks alike in your pictures" });
    this.openSample = app.page.getByRole("button", { name: "Open sample library" });
    this.chooseFolders = app.page.getByRole("button", { name: "Choose folders..." });
    this.later = app.page.getByRole("button", { name: "Set up later" });
  }
}
