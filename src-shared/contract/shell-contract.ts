/** @file What only a desktop window can do. The headless host serves none of it; views ask `connect.ts` whether it is there. */
import { oc } from "@orpc/contract";
import { z } from "zod";
import { assetIdSchema } from "../domain/asset";

export const shellContract = {
  /** The system's folder dialog; an empty list when it was closed. */
  chooseFolders: oc.input(z.object({}).optional()).output(z.array(z.string())),
  /** Shows the file of an asset in the system's file manager. */
  showInFolder: oc.input(z.object({ assetId: assetIdSchema })).output(z.object({})),
};
export type ShellContract = typeof shellContract;
