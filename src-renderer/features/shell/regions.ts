/** @file F6 goes round the regions of the window: title bar, panels, work area, status bar. */

/** Moves the focus to the next region that can take it. */
export function focusNextRegion(): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")];
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  for (let step = 1; step <= regions.length; step++) {
    const region = regions[(here + step) % regions.length];
    // A grid is what its region is about; the controls above it are a Shift Tab away.
    const target =
      region?.querySelector<HTMLElement>('[data-region-focus] [tabindex="0"]') ??
      region?.querySelector<HTMLElement>('[tabindex="0"], button:not(:disabled), input, a[href]');
    if (!target) continue;
    target.focus();
    return;
  }
}
