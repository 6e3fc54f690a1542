/** @file Numbers and durations as the interface writes them. */
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

const month = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric" });

/** 48216 -> "48,216". */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** A score with three decimals; a minus sign that lines up. */
export function formatScore(score: number): string {
  return score.toFixed(3);
}

/** 2.41 -> "+2.4σ": standard deviations from the middle. */
export function formatDeviations(deviations: number): string {
  const rounded = Number(deviations.toFixed(1)) + 0;
  return `${rounded < 0 ? "−" : "+"}${Math.abs(rounded).toFixed(1)}σ`;
}

/** 94.66 -> "94.7 %". */
export function formatPercent(percent: number): string {
  return `${percent.toFixed(1)} %`;
}

/** 2_940_000 -> "2.9 MB". */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "KB", "MB", "GB", "TB"] as const;
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1000 ** power;
  return `${power === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[power] ?? "TB"}`;
}

/** 0.7 -> "0.7", 38.2 -> "38": images a second. */
export function formatSpeed(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : formatCount(perSecond);
}

/** 0.00042 -> "0.0004", 4.2e-7 -> "< 0.0001": how far a score may be off; one that is exact is 0. */
export function formatParity(parity: number): string {
  return parity === 0 ? "0" : parity < 1e-4 ? "< 0.0001" : parity.toFixed(4);
}

/** 480 -> "8 min", 42 -> "42 s", 5400 -> "1 h 30 min". */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** "21 Nov 2026, 09:14". */
export function formatDate(milliseconds: number): string {
  return day.format(milliseconds);
}

/** "2026-11" -> "Nov 2026"; what is no month stays as it is. */
export function formatMonth(text: string): string {
  const [year, number] = text.split("-").map(Number);
  return year !== undefined && number !== undefined && number >= 1 && number <= 12 ? month.format(new Date(year, number - 1)) : text;
}

/** 0.004 -> "1 in 250": how rare a score is among random pairs. The share 0 means rarer than the sample can tell. */
export function formatRarity(share: number, sampleSize: number): string {
  if (share <= 0) return `rarer than 1 in ${formatCount(sampleSize)}`;
  return `1 in ${formatCount(Math.max(1, Math.round(1 / share)))}`;
}
