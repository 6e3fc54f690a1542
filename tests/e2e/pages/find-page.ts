/** @file Find: the question at the left, the results in the middle, why it matches at the right. */
import { expect, type Locator } from "@playwright/test";
import type { AppWindow } from "./app-window";

export interface FoundPicture {
  readonly name: string;
  readonly score: number;
}

/** The workspace under `#/find`. */
export class FindPage {
  readonly app: AppWindow;
  readonly main: Locator;
  readonly query: Locator;
  readonly cards: Locator;
  readonly grid: Locator;
  readonly tiles: Locator;
  readonly matchCount: Locator;
  readonly cutoff: Locator;
  readonly cutoffHandle: Locator;
  readonly why: Locator;
  readonly cropDialog: Locator;
  readonly chooseFile: Locator;
  readonly undo: Locator;

  constructor(app: AppWindow) {
    this.app = app;
    this.main = app.work("Results");
    this.query = this.main.getByRole("region", { name: "Query", exact: true });
    this.cards = this.query.getByRole("list", { name: "Pictures of the query" }).getByRole("listitem");
    this.grid = this.main.getByRole("grid", { name: "Results, best first" });
    this.tiles = this.grid.getByRole("gridcell", { name: /^[^,]+, \S?\d\.\d{3}/ });
    this.matchCount = this.main.getByRole("status").filter({ hasText: /^\d+ (match|image)/ });
    this.cutoff = this.main.getByRole("textbox", { name: "Cut-off score" });
    this.cutoffHandle = this.main.getByRole("slider", { name: "Cut-off" });
    this.why = this.main.getByRole("region", { name: "Why it matches" });
    this.cropDialog = app.page.getByRole("dialog", { name: "Which part counts?" });
    this.chooseFile = this.query.getByLabel("Drop, paste or choose");
    this.undo = this.query.getByRole("button", { name: "Undo the last change of the query" });
  }

  mode(name: "Style" | "Instance" | "Semantic"): Locator {
    return this.query.getByRole("radio", { name: new RegExp(`^${name}`) });
  }

  card(fileName: string): Locator {
    return this.cards.filter({ hasText: fileName });
  }

  weightOf(fileName: string): Locator {
    return this.card(fileName).getByRole("slider");
  }

  tile(fileName: string): Locator {
    return this.grid.getByRole("gridcell", { name: `${fileName},` });
  }

  /** Waits until the exact answer is on screen, not the coarse one before it. */
  async answered(question: "in style" | "by instance"): Promise<void> {
    await this.matchCount.filter({ hasText: question }).waitFor();
    await this.grid.and(this.app.page.locator('[aria-busy="false"]')).waitFor();
    await this.settled();
  }

  /** The heading of a new question may be there a moment before its search begins: results count once they stay. */
  private async settled(): Promise<void> {
    let before = "";
    const staysTheSame = async (): Promise<boolean> => {
      const now = JSON.stringify(await this.found());
      const isSame = now === before;
      before = now;
      return isSame;
    };
    await expect.poll(staysTheSame, { intervals: [400] }).toBe(true);
  }

  /** Changes the question and waits for the answer that differs; until it comes the page shows the old one. */
  async askAnew(change: () => Promise<void>, question: "in style" | "by instance"): Promise<void> {
    const before = await this.found();
    await change();
    await expect.poll(() => this.found()).not.toEqual(before);
    await this.answered(question);
  }

  /** The results in view, best first. */
  async found(): Promise<readonly FoundPicture[]> {
    const labels = await this.tiles.evaluateAll((tiles) => tiles.map((tile) => tile.ariaLabel ?? ""));
    return labels.map((label) => {
      const [name = "", score = ""] = label.split(", ");
      return { name, score: Number(score) };
    });
  }
}
