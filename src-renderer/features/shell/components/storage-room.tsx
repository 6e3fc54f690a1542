/** @file The room of something that is kept: how much is taken, how much it may take, and a way to empty it. */
import { Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatBytes } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { ConfirmDialog } from "../../../ui/dialog";
import { IconButton } from "../../../ui/icon-button";
import { Meter } from "../../../ui/meter";
import { NumberField } from "../../../ui/number-field";

const gigabyte = 1e9;
const mostGigabytes = 100_000;

export interface StorageRoomProps {
  /** What lies in the room, e.g. "Attention features". */
  readonly name: string;
  readonly bytes: number;
  readonly budgetBytes: number;
  /** More about what lies there, beside the room it takes. */
  readonly facts: readonly string[];
  readonly isDisabled: boolean;
  readonly onBudget: (bytes: number) => void;
  readonly onClear: () => void;
  /** What becomes of what is cleared. */
  readonly clearNote: string;
}

/** One line of figures, a bar, and the controls. */
export function StorageRoom({ name, bytes, budgetBytes, facts, isDisabled, onBudget, onClear, clearNote }: StorageRoomProps): ReactNode {
  const { t } = useTranslation();
  const room = t("storage.room", { bytes: formatBytes(bytes), budget: formatBytes(budgetBytes) });
  return (
    <div className="mt-3 flex items-center gap-4">
      <div className="min-w-0 flex-1">
        <div className="mb-1.5 truncate">
          {room}
          {facts.length > 0 && <span className="text-fg-3"> · {facts.join(" · ")}</span>}
        </div>
        <Meter label={name} value={bytes} max={budgetBytes} valueText={room} />
      </div>
      <BudgetField name={name} bytes={bytes} budgetBytes={budgetBytes} isDisabled={isDisabled} onBudget={onBudget} />
      <ClearButton
        label={t("storage.clearAll", { name: name.toLowerCase() })}
        text={t("storage.clear")}
        note={clearNote}
        isDisabled={isDisabled || bytes === 0}
        onClear={onClear}
      />
    </div>
  );
}

type BudgetFieldProps = Pick<StorageRoomProps, "name" | "bytes" | "budgetBytes" | "isDisabled" | "onBudget">;

/** The budget counts once it is set: what is typed on the way could drop what the person means to keep. Less than what is kept is asked about. */
function BudgetField({ name, bytes, budgetBytes, isDisabled, onBudget }: BudgetFieldProps): ReactNode {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<number | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const gigabytes = draft ?? budgetBytes / gigabyte;
  const wanted = Math.round(gigabytes * gigabyte);
  const isChanged = draft !== null && wanted !== budgetBytes;
  const use = (): void => {
    setIsAsking(false);
    onBudget(wanted);
  };
  return (
    <form
      className="flex items-center gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isChanged) return;
        if (wanted < bytes) setIsAsking(true);
        else use();
      }}
    >
      <NumberField
        label={t("storage.budgetOf", { name: name.toLowerCase() })}
        value={gigabytes}
        min={0}
        max={mostGigabytes}
        step={1}
        decimals={1}
        isDisabled={isDisabled}
        onChange={setDraft}
      />
      <span className="text-fg-3">{t("storage.gigabytes")}</span>
      <Button type="submit" size="sm" disabled={isDisabled || !isChanged} aria-label={t("storage.setBudget", { name: name.toLowerCase() })}>
        {t("storage.set")}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={use}
        title={t("storage.lessTitle", { budget: formatBytes(wanted) })}
        confirmLabel={t("storage.set")}
        cancelLabel={t("ui.cancel")}
        isDestructive
      >
        {t("storage.lessNote", { bytes: formatBytes(bytes - wanted) })}
      </ConfirmDialog>
    </form>
  );
}

export interface ClearButtonProps {
  readonly label: string;
  /** Without it the button is an icon. */
  readonly text?: string;
  readonly note: string;
  readonly isDisabled: boolean;
  readonly onClear: () => void;
}

/** Clears once the question that it opens is answered. */
export function ClearButton({ label, text, note, isDisabled, onClear }: ClearButtonProps): ReactNode {
  const { t } = useTranslation();
  const [isAsking, setIsAsking] = useState(false);
  const ask = (): void => setIsAsking(true);
  return (
    <>
      {text === undefined ? (
        <IconButton icon={Trash2} label={label} disabled={isDisabled} onClick={ask} />
      ) : (
        <Button size="sm" icon={Trash2} aria-label={label} disabled={isDisabled} onClick={ask}>
          {text}
        </Button>
      )}
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={() => {
          setIsAsking(false);
          onClear();
        }}
        title={t("storage.clearTitle", { label })}
        confirmLabel={t("storage.clear")}
        cancelLabel={t("ui.cancel")}
        isDestructive
      >
        {note}
      </ConfirmDialog>
    </>
  );
}
