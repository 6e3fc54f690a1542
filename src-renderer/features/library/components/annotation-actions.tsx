/** @file Culling by keyboard: pick, reject, rate and tag the selection, and take it back. */
import { Flag, FlagOff, Star, Tag, X } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AnnotationChange } from "#shared/domain/annotation";
import { type Action, useActions } from "../../../lib/actions";
import { useIsReadOnly } from "../../../lib/read-only";
import { useSelection } from "../../../lib/selection";
import { useUndoAction } from "../../../ui/undo";
import { useAnnotate } from "../use-annotate";
import { focusTagField } from "./tag-editor";

const stars = [1, 2, 3, 4, 5] as const;

/** Offered where pictures are selected. */
export function AnnotationActions(): null {
  const { t } = useTranslation();
  const ids = useSelection((state) => state.ids);
  const annotate = useAnnotate();
  const undo = useUndoAction();
  const isReadOnly = useIsReadOnly();
  useActions(
    useMemo<readonly Action[]>(() => {
      const unavailable = isReadOnly ? t("library.readOnly") : t("library.needsSelection");
      const offered = { group: "selection" as const, enabled: ids.size > 0 && !isReadOnly, unavailable };
      const says = (change: AnnotationChange) => (): void => annotate([...ids], change);
      return [
        { id: "annotate.pick", label: t("library.annotate.pick"), icon: Flag, shortcut: "P", ...offered, run: says({ flag: "picked" }) },
        { id: "annotate.reject", label: t("library.annotate.reject"), icon: X, shortcut: "X", ...offered, run: says({ flag: "rejected" }) },
        { id: "annotate.unflag", label: t("library.annotate.unflag"), icon: FlagOff, shortcut: "U", ...offered, run: says({ flag: null }) },
        { id: "annotate.tag", label: t("library.annotate.tag"), icon: Tag, shortcut: "T", ...offered, run: () => focusTagField() },
        ...stars.map((rating): Action => {
          const label = t("library.annotate.rate", { stars: t("library.facets.stars", { count: rating }) });
          return { id: `annotate.rate.${rating}`, label, icon: Star, shortcut: String(rating), ...offered, run: says({ rating }) };
        }),
        { id: "annotate.unrate", label: t("library.annotate.unrate"), icon: Star, shortcut: "0", ...offered, run: says({ rating: null }) },
        undo,
      ];
    }, [t, ids, annotate, undo, isReadOnly]),
  );
  return null;
}
