/** @file The only list of dataset layouts: one row each, with the reader that turns the folder into triplets. */
import { createDraw } from "./draw";
import { readCute } from "./cute";
import { readDreambenchPlus } from "./dreambench-plus";
import { readIp } from "./ip";
import { readNights } from "./nights";
import { readStyleFolders } from "./style-folders";
import { readTid2013 } from "./tid2013";
import type { DatasetReading, Triplet } from "./triplet";

export const layoutIds = ["nights", "dreambench-plus", "cute", "ip", "tid2013", "sref", "instantstyle"] as const;
export type LayoutId = (typeof layoutIds)[number];

/** Reads the folder of a dataset; `seed` decides what is drawn at random, where the protocol draws. Throws dataset/malformed. */
export type ReadDataset = (root: string, seed: number) => Promise<DatasetReading>;

export const layouts: Readonly<Record<LayoutId, { readonly title: string; readonly read: ReadDataset }>> = {
  nights: { title: "NIGHTS", read: readNights },
  "dreambench-plus": { title: "DreamBench++", read: readDreambenchPlus },
  cute: { title: "CUTE", read: readCute },
  ip: { title: "IP", read: readIp },
  tid2013: { title: "TID2013", read: readTid2013 },
  sref: { title: "Sref", read: readStyleFolders },
  instantstyle: { title: "InstantStyle", read: readStyleFolders },
};

/** `limit` of the triplets, chosen by `seed`, in their own order; all of them where there are no more. */
export function sampleTriplets(triplets: readonly Triplet[], limit: number, seed: number): readonly Triplet[] {
  if (triplets.length <= limit) return triplets;
  const places = createDraw(seed).some([...triplets.keys()], limit);
  return [...places].sort((one, other) => one - other).flatMap((place) => triplets[place] ?? []);
}
