/** @file Candidates on which the voices disagree, one after the other: look, decide, go on. */
import { Check, ChevronLeft, ChevronRight, Minus, X } from "lucide-react";
import type { KeyboardEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { CheckVerdict } from "#shared/domain/check";
import { shortcutOf } from "../../../../lib/hotkeys";
import { formatCount } from "../../../../lib/format";
import { Button } from "../../../../ui/button";
import { IconButton } from "../../../../ui/icon-button";
import { type QueuedCandidate, stepInQueue } from "../../vote-queue";

export interface DisagreementsProps {
  readonly queue: readonly QueuedCandidate[];
  readonly selected: AssetId | null;
  readonly isReadOnly: boolean;
  readonly onSelect: (id: AssetId) => void;
  readonly onDecide: (ids: readonly AssetId[], verdict: CheckVerdict) => void;
  readonly onCompare: (id: AssetId) => void;
}

const verdictKeys = [
  { verdict: "accepted", shortcut: "P", icon: Check },
  { verdict: "rejected", shortcut: "X", icon: X },
  { verdict: "undecided", shortcut: "U", icon: Minus },
] as const satisfies readonly { readonly verdict: CheckVerdict; readonly shortcut: string; readonly icon: typeof Check }[];

/** The keys of verdicts go on to the next disagreement while the focus is here, instead of to the next candidate. */
export function Disagreements({ queue, selected, isReadOnly, onSelect, onDecide, onCompare }: DisagreementsProps): ReactNode {
  const { t } = useTranslation();
  const open = queue.filter(({ isOpen }) => isOpen).length;
  const isQueued = queue.some(({ id }) => id === selected);
  const chosen = isQueued && !isReadOnly ? selected : null;
  const step = (by: 1 | -1): void => {
    const next = stepInQueue(queue, selected, by);
    if (next !== null) onSelect(next);
  };
  const decide = (verdict: CheckVerdict): void => {
    if (chosen === null) return;
    onDecide([chosen], verdict);
    step(1);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const key = verdictKeys.find(({ shortcut }) => shortcut === shortcutOf(event.nativeEvent));
    if (key === undefined || chosen === null) return;
    event.preventDefault();
    decide(key.verdict);
  };
  if (queue.length === 0) return <p className="m-0 mt-2 text-2xs text-fg-3">{t("check.votes.agreed")}</p>;
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div role="group" aria-label={t("check.votes.disagreements")} onKeyDown={onKeyDown} className="mt-2">
      <div className="flex items-center gap-1 text-2xs">
        <span className="mr-auto text-fg-2" role="status">
          {t("check.votes.disagreements")} <b className="font-semibold text-fg-1">{formatCount(open)}</b>
        </span>
        <IconButton icon={ChevronLeft} label={t("check.votes.previous")} disabled={open === 0} onClick={() => step(-1)} />
        <IconButton icon={ChevronRight} label={t("check.votes.next")} disabled={open === 0} onClick={() => step(1)} />
        {verdictKeys.map(({ verdict, shortcut, icon }) => (
          <IconButton
            key={verdict}
            icon={icon}
            label={t(`check.decide.${verdict}`)}
            shortcut={shortcut}
            disabled={chosen === null}
            onClick={() => decide(verdict)}
          />
        ))}
        <Button size="sm" disabled={!isQueued} onClick={() => selected !== null && onCompare(selected)}>
          {t("check.votes.compare")}
        </Button>
      </div>
      {open === 0 && <p className="m-0 mt-1 text-2xs text-fg-3">{t("check.votes.allDecided")}</p>}
    </div>
  );
}
