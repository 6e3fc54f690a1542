/** @file Compare: two pictures, their maps, the tile that is read, the table. */
import type { Locator } from "@playwright/test";
import type { AppWindow } from "./app-window";

export type CompareSide = "A" | "B";

/** The workspace under `#/compare`. */
export class ComparePage {
  readonly app: AppWindow;
  readonly main: Locator;
  readonly settings: Locator;
  readonly score: Locator;
  readonly table: Locator;
  readonly opacity: Locator;
  /** The switch of the foreground. */
  readonly foreground: Locator;
  readonly maskEditor: { readonly dialog: Locator; readonly canvas: Locator };

  constructor(app: AppWindow) {
    this.app = app;
    this.main = app.work("Compare");
    this.settings = this.main.getByRole("region", { name: "Feature settings" });
    this.score = this.main.getByRole("status").first();
    this.table = this.main.getByRole("region", { name: "Table" });
    this.opacity = this.settings.getByRole("slider", { name: "Opacity" });
    this.foreground = this.settings.getByRole("switch", { name: "Show the foreground" });
    const dialog = app.page.getByRole("dialog", { name: "What stands in front" });
    this.maskEditor = { dialog, canvas: dialog.getByRole("application") };
  }

  /** The pane with its header. */
  pane(side: CompareSide): Locator {
    return this.main.getByRole("region", { name: new RegExp(`^${side}: `) });
  }

  /** The picture that is pointed at. */
  picture(side: CompareSide): Locator {
    return this.pane(side).getByRole("application");
  }

  /** The map over a picture. */
  map(side: CompareSide): Locator {
    return this.pane(side).getByRole("img", { name: /^Map over / });
  }

  /** The mask over a picture. */
  mask(side: CompareSide): Locator {
    return this.pane(side).getByRole("img", { name: /^What stands in front in / });
  }

  /** The number under its name in the part about the foreground. */
  foregroundScore(name: "Whole image" | "Foreground"): Locator {
    return this.settings.getByRole("group", { name: "Foreground" }).locator("dt", { hasText: name }).locator("xpath=following-sibling::dd");
  }

  view(name: "Similarity" | "Agreement" | "Matches"): Locator {
    return this.main.getByRole("group", { name: "View", exact: true }).getByRole("button", { name });
  }

  layout(name: "Side by side" | "Slider" | "Flicker"): Locator {
    return this.main.getByRole("group", { name: "Layout" }).getByRole("button", { name });
  }

  /** What the right panel says is read: "Most alike tile", "Tile under the pointer" or "Pinned tile". */
  reading(title: string): Locator {
    return this.settings.getByRole("heading", { name: title });
  }

  /** How many different colours the map holds; a blank map holds one. */
  async colours(side: CompareSide): Promise<number> {
    return this.map(side).evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const pixels = (canvas as HTMLCanvasElement).getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
      const colours = new Set<string>();
      for (let at = 0; at < pixels.length; at += 4) colours.add(pixels.slice(at, at + 4).join());
      return colours.size;
    });
  }

  /** The map as numbers, to tell one from another. */
  async fingerprint(side: CompareSide): Promise<string> {
    return this.map(side).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  }

  /** Points at a place of a picture, in shares of its width and height. */
  async pointAt(side: CompareSide, x: number, y: number): Promise<void> {
    const box = await this.picture(side).boundingBox();
    if (box) await this.app.page.mouse.move(box.x + x * box.width, box.y + y * box.height);
  }

  /** Clicks at a place of a picture. */
  async clickAt(side: CompareSide, x: number, y: number): Promise<void> {
    await this.pointAt(side, x, y);
    await this.app.page.mouse.down();
    await this.app.page.mouse.up();
  }
}
