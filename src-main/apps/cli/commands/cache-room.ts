/** @file Room on disk as the cache commands read and print it. */
import { InvalidArgumentError } from "commander";

export const gigabyte = 1e9;

/** A budget in gigabytes. @throws InvalidArgumentError */
export function parseGigabytes(text: string): number {
  const gigabytes = Number(text);
  if (text.trim() === "" || !Number.isFinite(gigabytes) || gigabytes < 0)
    throw new InvalidArgumentError(`The budget is a number of gigabytes from 0 on, not "${text}".`);
  return gigabytes;
}

/** Bytes as megabytes or gigabytes. */
export function gigabytesText(bytes: number): string {
  return bytes < gigabyte ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / gigabyte).toFixed(1)} GB`;
}
