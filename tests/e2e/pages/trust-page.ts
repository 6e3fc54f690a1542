/** @file Trust: sets, what a run found, its triplets, and judging one's own. */
import type { Locator } from "@playwright/test";
import type { AppWindow } from "./app-window";

/** The workspace under `#/trust`. */
export class TrustPage {
  readonly main: Locator;
  readonly sets: Locator;
  readonly run: Locator;
  readonly accuracy: Locator;
  readonly triplets: Locator;
  readonly judge: Locator;
  readonly judging: Locator;

  constructor(app: AppWindow) {
    this.main = app.work("Trust");
    this.sets = this.main.getByRole("region", { name: "Human judgement sets" });
    this.run = this.main.getByRole("button", { name: /^(Run|Run again|Go on)$/ });
    this.accuracy = this.main.getByRole("table", { name: /^How often each metric agrees/ });
    this.triplets = this.main.getByRole("region", { name: "Triplets", exact: true });
    this.judge = this.sets.getByRole("button", { name: "Judge my own triplets" });
    this.judging = this.main.getByRole("group", { name: "Judging" }).last();
  }

  /** A row of the list. */
  set(title: string): Locator {
    return this.sets.getByRole("button", { name: title });
  }
}
