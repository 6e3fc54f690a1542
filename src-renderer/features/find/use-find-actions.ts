/** @file What a person can do in Find, as data for the palette, the keyboard and the sheet of shortcuts. */
import { Crop, EyeOff, Layers, Minus, Plus, RotateCcw, ScanSearch, ScanEye, Search, ShieldCheck, SlidersHorizontal } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { usualAgainstWeights } from "#shared/domain/adjusted-score";
import type { AssetId } from "#shared/domain/asset";
import type { MetricCard } from "#shared/domain/model-card";
import { type Action, useActions } from "../../lib/actions";
import type { ValueRange } from "../../charts/scales";
import { steppedCutoff } from "./cutoff";
import { editQuery, useFind } from "./find-state";
import { isUsable } from "./look-past";
import { preferredMetric, questionKeys, questions } from "./metric-choice";

export interface FindActionParts {
  readonly cards: readonly MetricCard[];
  readonly card: MetricCard | null;
  readonly other: MetricCard | null;
  readonly cutoff: number | null;
  readonly range: ValueRange;
  readonly selectedId: AssetId | null;
  readonly onCompare: (a: AssetId, b: AssetId) => void;
  readonly onCheck: (ids: readonly AssetId[]) => void;
}

/** Offers the actions of Find while its page is shown. */
export function useFindActions({ cards, card, other, cutoff, range, selectedId, onCompare, onCheck }: FindActionParts): void {
  const { t } = useTranslation();
  const { references, against } = useFind((state) => state.history.present);
  const canUndo = useFind((state) => state.history.past.length > 0);
  const firstId = references[0]?.assetId ?? null;

  const actions = useMemo<readonly Action[]>(() => {
    const find = { group: "find" } as const;
    const onSelected = { ...find, enabled: selectedId !== null, unavailable: t("find.needsResult") };
    const step = (by: number) => () => cutoff !== null && editQuery({ type: "cutoff", cutoff: steppedCutoff(cutoff, by, range) });
    const ifSelected = (run: (id: AssetId) => void) => () => selectedId !== null && run(selectedId);
    return [
      {
        ...onSelected,
        id: "find.more",
        label: t("find.moreLikeThis"),
        icon: Plus,
        shortcut: "+",
        run: ifSelected((assetId) => editQuery({ type: "nudge", assetId, by: 0.5 })),
      },
      {
        ...onSelected,
        id: "find.less",
        label: t("find.lessLikeThis"),
        icon: Minus,
        shortcut: "-",
        run: ifSelected((assetId) => editQuery({ type: "nudge", assetId, by: -0.5 })),
      },
      {
        ...onSelected,
        id: "find.compare",
        label: t("find.compareWithQuery"),
        icon: Layers,
        shortcut: "C",
        run: ifSelected((id) => onCompare(firstId ?? id, id)),
      },
      {
        ...onSelected,
        id: "find.check",
        label: t("check.checkSelection"),
        icon: ShieldCheck,
        shortcut: "K",
        run: ifSelected((id) => onCheck([id])),
      },
      {
        ...onSelected,
        id: "find.from",
        label: t("find.findFromThis"),
        icon: Search,
        shortcut: "F",
        run: ifSelected((id) => editQuery({ type: "ask", assetIds: [id] })),
      },
      {
        ...find,
        id: "find.crop",
        label: t("find.cropQuery"),
        icon: Crop,
        shortcut: "R",
        enabled: firstId !== null,
        run: () => useFind.setState({ croppedId: firstId }),
      },
      {
        ...find,
        id: "find.regions",
        label: t("find.matchedRegions"),
        icon: ScanEye,
        shortcut: "M",
        run: () => useFind.setState(({ areRegionsShown }) => ({ areRegionsShown: !areRegionsShown })),
      },
      {
        ...find,
        id: "find.undo",
        label: t("find.undo"),
        icon: RotateCcw,
        shortcut: "Ctrl Z",
        enabled: canUndo,
        run: () => editQuery({ type: "undo" }),
      },
      ...(
        [
          ["lower", "[", -0.01],
          ["raise", "]", 0.01],
          ["lowerFine", "{", -0.001],
          ["raiseFine", "}", 0.001],
        ] as const
      ).map(([name, shortcut, by]) => ({
        ...find,
        id: `find.cutoff.${name}`,
        label: t(`find.cutoffStep.${name}`),
        icon: SlidersHorizontal,
        shortcut,
        enabled: cutoff !== null,
        run: step(by),
      })),
      {
        ...find,
        id: "find.lookPast",
        label: t(`find.lookPast.${card?.question ?? "style"}`),
        icon: EyeOff,
        shortcut: "I",
        enabled: card !== null && isUsable(other),
        unavailable: t("find.lookPastUnavailable"),
        run: () => card !== null && editQuery({ type: "against", weight: against > 0 ? 0 : usualAgainstWeights[card.question] }),
      },
      ...questions.map((question, index): Action => {
        const card = preferredMetric(cards, question);
        const run = (): void => (card === null ? undefined : editQuery({ type: "metric", metric: card.metric }));
        return {
          ...find,
          id: `find.question.${question}`,
          label: t("find.askFor", { question: t(`find.question.${question}`) }),
          icon: ScanSearch,
          shortcut: questionKeys[index] ?? "",
          enabled: card !== null && card.state !== "needs-model",
          run,
        };
      }),
    ];
  }, [t, selectedId, firstId, canUndo, cards, card, other, against, cutoff, range, onCompare, onCheck]);
  useActions(actions);
}
