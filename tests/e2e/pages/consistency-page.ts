/** @file Consistency: references and candidates at the left, cut-offs and verdicts in the middle. */
import type { Locator } from "@playwright/test";
import type { AppWindow } from "./app-window";

export type Verdict = "Accepted" | "Undecided" | "Rejected";

/** The workspace under `#/consistency`. */
export class ConsistencyPage {
  readonly app: AppWindow;
  readonly main: Locator;
  readonly setup: Locator;
  readonly references: Locator;
  readonly candidates: Locator;
  readonly counts: Locator;
  readonly selected: Locator;
  readonly trySample: Locator;
  readonly useSuggested: Locator;
  readonly sideBySide: Locator;
  readonly chooser: Locator;

  constructor(app: AppWindow) {
    this.app = app;
    this.main = app.work("Consistency");
    this.setup = this.main.getByRole("region", { name: "Check set-up" });
    this.references = this.main.getByRole("button", { name: /^Remove reference/ });
    this.candidates = this.main.getByRole("gridcell");
    this.counts = app.statusBar.getByRole("status").filter({ hasText: /accepted/ });
    this.selected = this.main.getByRole("gridcell", { selected: true });
    this.trySample = this.main.getByRole("button", { name: "Try the sample character" });
    this.useSuggested = this.main.getByRole("button", { name: "Use suggested" });
    this.sideBySide = this.main.getByRole("region", { name: "Side by side with the nearest reference" });
    this.chooser = app.page.getByRole("dialog", { name: /^Choose/ });
  }

  column(verdict: Verdict): Locator {
    return this.main.getByRole("region", { name: verdict });
  }

  /** The tile of a candidate, wherever it stands. */
  tile(fileName: string): Locator {
    return this.main.getByRole("gridcell", { name: `${fileName},` });
  }

  handle(name: "Reject below" | "Accept from"): Locator {
    return this.main.getByRole("slider", { name });
  }

  cutoff(name: "Reject below" | "Accept from"): Locator {
    return this.main.getByRole("textbox", { name });
  }
}
