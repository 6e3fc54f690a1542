/** @file Boards: keeping the references under a name, and taking them from one. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { BookmarkPlus, LayoutGrid, Trash2 } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { ReferenceBoard } from "#shared/domain/reference-board";
import { appErrorOf } from "../../../lib/app-error-of";
import { useEngine } from "../../../lib/engine";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { Menu, type MenuEntry } from "../../../ui/menu";
import { notifyError } from "../../../ui/toast";
import { TextField } from "../../../ui/toolbar";
import { useTellStep } from "../../../ui/undo";
import { changeSetup } from "../check-state";
import { useBoards } from "../use-boards";
import type { CheckView } from "../use-check";

/** A menu: the boards to load, keeping what is there, and removing the board in use. */
export function BoardMenu({ check }: { readonly check: CheckView }): ReactNode {
  const { t } = useTranslation();
  const boards = useBoards();
  const { references, boardId } = check.setup;
  const current = boards.find(({ id }) => id === boardId) ?? null;
  const [isSaving, setIsSaving] = useState(false);
  const { remove } = useBoardCommands();
  const reason = check.isReadOnly ? t("library.readOnly") : "";
  const entries: readonly MenuEntry[] = [
    ...boards.map(({ id, name, references: kept }) => ({
      id,
      label: t("check.loadBoard", { name, count: kept.length }),
      icon: LayoutGrid,
      onSelect: () => changeSetup({ references: kept, boardId: id }),
    })),
    ...(boards.length > 0 ? (["separator"] as const) : []),
    {
      id: "save",
      label: t("check.saveBoard"),
      icon: BookmarkPlus,
      isDisabled: references.length === 0 || check.isReadOnly,
      reason: references.length === 0 ? t("check.needsReferences") : reason,
      onSelect: () => setIsSaving(true),
    },
    ...(current === null
      ? []
      : [
          {
            id: "remove",
            label: t("check.removeBoard", { name: current.name }),
            icon: Trash2,
            isDisabled: check.isReadOnly,
            reason,
            onSelect: () => remove(current),
          },
        ]),
  ];
  return (
    <>
      <Menu
        align="start"
        trigger={
          <Button size="sm" variant="ghost">
            {t("check.boards")}
          </Button>
        }
        entries={entries}
      />
      {isSaving && <SaveBoard references={references} current={current} onClose={() => setIsSaving(false)} />}
    </>
  );
}

/** Keeping and removing; both can be taken back. */
function useBoardCommands() {
  const { t } = useTranslation();
  const { api, client } = useEngine();
  const queryClient = useQueryClient();
  const tell = useTellStep();
  const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: api.checks.boards.key() });
  const onError = (error: unknown): void => notifyError(appErrorOf(error));
  const { mutateAsync: save } = useMutation(api.checks.boards.save.mutationOptions({ onError }));
  const { mutateAsync: drop } = useMutation(api.checks.boards.remove.mutationOptions({ onError }));

  const remove = async (board: ReferenceBoard): Promise<void> => {
    await drop({ id: board.id });
    await refresh();
    const takeBack = async (): Promise<void> => {
      await client.checks.boards.save(board);
      await refresh();
    };
    tell({ title: t("check.boardRemoved", { name: board.name }), takeBack });
  };
  const keep = async (name: string, references: readonly AssetId[], replaced: ReferenceBoard | null): Promise<void> => {
    const board = await save({ id: replaced?.id ?? null, name, references: [...references] });
    changeSetup({ references, boardId: board.id });
    await refresh();
    const takeBack = async (): Promise<void> => {
      await (replaced === null ? client.checks.boards.remove({ id: board.id }) : client.checks.boards.save(replaced));
      await refresh();
    };
    tell({ title: t("check.boardSaved", { name }), takeBack });
  };
  // What failed has been told; there is nothing more to do about it here.
  return {
    remove: (board: ReferenceBoard) => void remove(board).catch(() => undefined),
    keep: (...parts: Parameters<typeof keep>) => void keep(...parts).catch(() => undefined),
  };
}

interface SaveBoardProps {
  readonly references: readonly AssetId[];
  readonly current: ReferenceBoard | null;
  readonly onClose: () => void;
}

/** Asks for the name. A board of that name takes the references over. */
function SaveBoard({ references, current, onClose }: SaveBoardProps): ReactNode {
  const { t } = useTranslation();
  const boards = useBoards();
  const { keep } = useBoardCommands();
  const [name, setName] = useState(current?.name ?? "");
  const trimmed = name.trim();
  const replaced = boards.find((board) => board.name === trimmed) ?? null;
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (trimmed === "") return;
    keep(trimmed, references, replaced);
    onClose();
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("check.saveBoardTitle")} closeLabel={t("ui.close")} className="w-[420px]">
      <form onSubmit={onSubmit} className="grid gap-2 p-4">
        <TextField label={t("check.boardName")} placeholder={t("check.boardName")} value={name} onChange={setName} maxLength={120} />
        <p role="status" className="m-0 min-h-4 text-2xs text-fg-3">
          {replaced !== null && t("check.boardReplaced", { count: replaced.references.length })}
        </p>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("ui.cancel")}</Button>
          <Button type="submit" variant="primary" disabled={trimmed === ""}>
            {t("check.saveBoardConfirm", { count: references.length })}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
