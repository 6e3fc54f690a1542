/** @file Checks that a message from a page comes from the app's own main frame. */
import type { IpcMainEvent, WebFrameMain } from "electron";
import { appOrigin } from "../app-protocol";

/** True for the top frame of a page of this app. */
export function isOwnFrame(event: Pick<IpcMainEvent, "senderFrame">): boolean {
  const frame: WebFrameMain | null = event.senderFrame;
  return frame !== null && frame.parent === null && frame.url.startsWith(`${appOrigin}/`);
}
