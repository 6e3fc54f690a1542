/** @file The review of duplicates: tiers, bounds, groups. */
import type { Locator } from "@playwright/test";
import type { AppWindow } from "./app-window";

/** The view under `#/duplicates`. */
export class DuplicatesPage {
  readonly way: Locator;
  readonly main: Locator;
  readonly grid: Locator;
  readonly groups: Locator;
  readonly pictures: Locator;
  readonly lowest: Locator;
  readonly back: Locator;
  readonly preview: Locator;

  constructor(app: AppWindow) {
    this.way = app.work("Library").getByRole("button", { name: "Review duplicates" });
    this.main = app.work("Duplicates");
    this.grid = this.main.getByRole("grid");
    this.groups = this.grid.getByRole("rowheader");
    this.pictures = this.grid.getByRole("gridcell");
    this.lowest = this.main.getByRole("textbox", { name: "Lowest likeness" });
    this.back = this.main.getByRole("button", { name: "Back to the library" });
    this.preview = this.main.getByRole("region", { name: "Preview" });
  }

  /** Opens it from the Library. */
  async open(): Promise<void> {
    await this.way.click();
  }

  tier(name: "Exact" | "Near" | "Same scene"): Locator {
    return this.main.getByRole("button", { name, exact: true });
  }

  /** The picture of a file. */
  picture(fileName: string): Locator {
    return this.grid.getByRole("gridcell", { name: `${fileName},` });
  }
}
