/** @file The Library: folders, grid, details, query tray, preview. */
import type { Locator } from "@playwright/test";
import type { AppWindow } from "./app-window";

/** The workspace under `#/library`. */
export class LibraryPage {
  readonly app: AppWindow;
  readonly main: Locator;
  readonly grid: Locator;
  readonly tiles: Locator;
  readonly folders: Locator;
  readonly details: Locator;
  readonly tray: Locator;
  readonly preview: Locator;
  readonly filter: Locator;
  readonly sort: Locator;
  readonly findSimilar: Locator;
  readonly picker: Locator;

  constructor(app: AppWindow) {
    this.app = app;
    this.main = app.work("Library");
    this.grid = this.main.getByRole("grid");
    this.tiles = this.grid.getByRole("gridcell");
    this.folders = this.main.getByRole("tree", { name: "Folders" });
    this.details = this.main.getByRole("region", { name: "Details of the selection" });
    this.tray = this.main.getByRole("region", { name: "Query" });
    this.preview = this.main.getByRole("region", { name: "Preview" });
    this.filter = this.main.getByRole("textbox", { name: "Filter by name" });
    this.sort = this.main.getByRole("combobox", { name: "Sort" });
    this.findSimilar = this.tray.getByRole("button", { name: "Find similar" });
    this.picker = app.page.getByRole("dialog", { name: "Add folder" });
  }

  /** The tile of a file. */
  tile(fileName: string): Locator {
    return this.grid.getByRole("gridcell", { name: `${fileName},` });
  }

  folder(name: string): Locator {
    return this.folders.getByRole("treeitem").filter({ hasText: name });
  }

  /** The box of a value in the lists at the left; its name ends with its count. */
  facet(label: string): Locator {
    return this.main.getByRole("checkbox", { name: new RegExp(`^${label} [\\d–]`) });
  }

  /** What the tile of a file says of it: flag, stars, what is missing. */
  async said(fileName: string): Promise<string> {
    return (await this.tile(fileName).getAttribute("aria-label")) ?? "";
  }

  /** Opens the filter as text, and types one. */
  async writeFilter(text: string): Promise<Locator> {
    await this.main.getByRole("button", { name: "Filter as text" }).click();
    const form = this.app.page.getByRole("dialog", { name: "Filter as text" });
    await form.getByRole("textbox").fill(text);
    return form;
  }

  /** Brings a picture into view wherever it is in the list: by its name. */
  async show(fileName: string): Promise<Locator> {
    await this.filter.fill(fileName);
    await this.tile(fileName).waitFor();
    return this.tile(fileName);
  }

  /** File names of the tiles in view, in their order. */
  async names(): Promise<readonly string[]> {
    const labels = await this.tiles.evaluateAll((tiles) =>
      tiles.toSorted((a, b) => Number(a.ariaColIndex) - Number(b.ariaColIndex)).map((tile) => tile.ariaLabel ?? ""),
    );
    return labels.map((label) => label.split(",")[0] ?? "");
  }
}
