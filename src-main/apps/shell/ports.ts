/** @file Hands the page its two message ports: one to the engine process, one to this shell. */
import { RPCHandler } from "@orpc/server/message-port";
import { type BrowserWindow, ipcMain, MessageChannelMain } from "electron";
import type { EngineHost } from "../../engine/engine-host";
import { isOwnFrame } from "./security/sender-guard";
import { createShellRouter } from "./shell-router";

/** Answers the page's requests for ports; a page asks again after the engine was restarted. */
export function servePorts(window: BrowserWindow, host: EngineHost): void {
  const shellHandler = new RPCHandler(createShellRouter(window, host));

  ipcMain.on("semblance:request-engine-port", (event) => {
    if (!isOwnFrame(event) || !host.isUp) return;
    const { port1, port2 } = new MessageChannelMain();
    host.connectPort(port1);
    event.sender.postMessage("semblance:engine-port", null, [port2]);
  });

  ipcMain.on("semblance:request-shell-port", (event) => {
    if (!isOwnFrame(event)) return;
    const { port1, port2 } = new MessageChannelMain();
    shellHandler.upgrade(port1);
    port1.start();
    event.sender.postMessage("semblance:shell-port", null, [port2]);
  });
}
