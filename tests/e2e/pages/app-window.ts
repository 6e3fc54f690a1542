/** @file What surrounds every workspace: title bar, command palette, shortcut sheet, status bar, banner. */
import type { Locator, Page } from "@playwright/test";

export type Workspace = "Library" | "Find" | "Consistency" | "Compare" | "Trust";

/** The window of the app. */
export class AppWindow {
  readonly page: Page;
  readonly statusBar: Locator;
  readonly palette: Locator;
  readonly paletteField: Locator;
  readonly shortcutSheet: Locator;
  readonly skippedFiles: Locator;
  readonly devices: Locator;
  readonly storage: Locator;

  constructor(page: Page) {
    this.page = page;
    this.statusBar = page.getByRole("contentinfo");
    this.palette = page.getByRole("dialog", { name: "Commands" });
    this.paletteField = this.palette.getByRole("combobox");
    this.shortcutSheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    this.devices = page.getByRole("dialog", { name: "Devices" });
    this.storage = page.getByRole("dialog", { name: "Storage" });
    this.skippedFiles = page.getByRole("dialog", { name: /skipped$/ });
  }

  tab(workspace: Workspace): Locator {
    return this.page.getByRole("navigation", { name: "Workspaces" }).getByRole("link", { name: workspace, exact: true });
  }

  async open(workspace: Workspace): Promise<void> {
    await this.tab(workspace).click();
  }

  /** The work area of a workspace. */
  work(name: string): Locator {
    return this.page.getByRole("main", { name });
  }

  /** Runs a command as the keyboard does: Ctrl K, its first letters, Enter. */
  async runCommand(name: string): Promise<void> {
    await this.palette.waitFor({ state: "hidden" });
    await this.page.keyboard.press("Control+k");
    await this.paletteField.fill(name);
    await this.palette.getByRole("option", { name, selected: true }).waitFor();
    await this.page.keyboard.press("Enter");
    await this.palette.waitFor({ state: "hidden" });
  }

  /** Chooses an option of a select whose list opens over the page. */
  async select(trigger: Locator, option: string | RegExp): Promise<void> {
    await trigger.click();
    await this.page.getByRole("option", { name: option }).click();
  }

  /** A short notice at the lower right. */
  notice(text: string | RegExp): Locator {
    return this.page.getByRole("region", { name: "Notifications" }).getByRole("dialog").filter({ hasText: text });
  }

  /** What interrupts a screen reader: errors and the banner of a dead engine. */
  alert(text: string | RegExp): Locator {
    return this.page.getByRole("alert").filter({ hasText: text });
  }
}
