/** @file Every shortcut that works in this workspace, from the same list as the palette. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { actionGroups, listActions, useActionSets } from "../../../lib/actions";
import { Dialog } from "../../../ui/dialog";
import { Kbd } from "../../../ui/kbd";
import { closeWindow, useShellState } from "../shell-state";

/** The sheet of "?". */
export function ShortcutSheet(): ReactNode {
  const { t } = useTranslation();
  const isOpen = useShellState((state) => state.open === "shortcuts");
  const actions = listActions(useActionSets()).filter(({ shortcut }) => shortcut !== undefined);
  return (
    <Dialog isOpen={isOpen} onClose={closeWindow} title={t("shell.shortcuts")} closeLabel={t("ui.close")} className="w-260">
      <div className="columns-3 gap-9 px-5 py-4 narrow:columns-2">
        {actionGroups.map((group) => {
          const rows = actions.filter((action) => action.group === group);
          return rows.length === 0 ? null : (
            <section key={group} className="mb-4 break-inside-avoid">
              <h3 className="mb-1 text-2xs font-semibold text-fg-2">{t(`palette.group.${group}`)}</h3>
              <ul className="m-0 list-none p-0">
                {rows.map((action) => (
                  <li key={action.id} className="flex h-6 items-center gap-2">
                    <span className="truncate">{action.label}</span>
                    <Kbd shortcut={action.shortcut ?? ""} className="ml-auto" />
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}
