/** @file Each workspace is found again as it was left: its last address is remembered until the window closes. */
import { useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { create } from "zustand";
import { type WorkspaceId, workspaceOf, workspaces } from "./workspaces";

type Addresses = Readonly<Record<WorkspaceId, string>>;

const useAddresses = create<Addresses>(() => ({
  library: "/library",
  find: "/find",
  consistency: "/consistency",
  compare: "/compare",
  trust: "/trust",
}));

/** The address each tab leads to, e.g. "/find?refs=...". */
export function useWorkspaceAddresses(): Addresses {
  return useAddresses();
}

/** Notes where the window is. Mounted once. */
export function useWorkspaceMemory(): void {
  const { href, pathname } = useLocation();
  useEffect(() => {
    if (workspaces.some(({ path }) => pathname.startsWith(path))) useAddresses.setState({ [workspaceOf(pathname)]: href });
  }, [href, pathname]);
}
