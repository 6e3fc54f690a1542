/** @file What a check is called. */
import { useTranslation } from "react-i18next";
import { formatCount } from "../../lib/format";
import type { CheckSetup } from "./check-setup";
import { useBoards } from "./use-boards";

/** The folder that is checked, with the board it is checked against. */
export function useCheckTitle({ candidates, boardId }: CheckSetup): string {
  const { t } = useTranslation();
  const board = useBoards().find(({ id }) => id === boardId)?.name;
  if (candidates === null) return board ?? t("check.title");
  const what =
    candidates.kind === "folder"
      ? (candidates.path.split(/[/\\]/).findLast((part) => part !== "") ?? candidates.path)
      : t("check.images", { count: candidates.assetIds.length, formatted: formatCount(candidates.assetIds.length) });
  return board === undefined ? what : `${board}, ${what}`;
}
