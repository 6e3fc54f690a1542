/** Absolute path of a Chromium, which is fetched when there is none; `say` is told what is being done. */
export function findChromium(say?: (sentence: string) => void): string;
