/** @file The workspaces in the title bar, in their order. */

export const workspaces = [
  { id: "library", path: "/library", shortcut: "Alt 1" },
  { id: "find", path: "/find", shortcut: "Alt 2" },
  { id: "consistency", path: "/consistency", shortcut: "Alt 3" },
  { id: "compare", path: "/compare", shortcut: "Alt 4" },
  { id: "trust", path: "/trust", shortcut: "Alt 5" },
] as const;

export type WorkspaceId = (typeof workspaces)[number]["id"];

/** The workspace an address belongs to. */
export function workspaceOf(path: string): WorkspaceId {
  return workspaces.find((workspace) => path.startsWith(workspace.path))?.id ?? "library";
}

/** Compare shows what its right panel explains, so the panel stays beside the pictures. */
export function keepsRight(workspace: WorkspaceId): boolean {
  return workspace === "compare";
}
