/** @file Which folders of the tree are open; kept while other workspaces are shown or the window changes its size. */
import { create } from "zustand";

export const useOpenFolders = create<{ readonly open: ReadonlySet<string> }>(() => ({ open: new Set<string>() }));

export function setFolderOpen(path: string, isOpen: boolean): void {
  useOpenFolders.setState(({ open }) => {
    const next = new Set(open);
    if (isOpen) next.add(path);
    else next.delete(path);
    return { open: next };
  });
}
