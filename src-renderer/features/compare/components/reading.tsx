/** @file The tile that is read, in words: where it is, and where its best match lies. Spoken at most once a second. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useThrottled } from "../../../lib/use-throttled";
import { Section } from "../../../ui/section";
import { VisuallyHidden } from "../../../ui/visually-hidden";
import { otherSide, tileName } from "../tile";
import type { CompareModel } from "../use-compare-view";

/** Absent in views that read no tile. */
export function Reading({ model }: { readonly model: CompareModel }): ReactNode {
  const { t } = useTranslation();
  const { maps, reading, readingSource, pictures } = model;
  const side = reading?.side ?? "a";
  const own = maps?.[side].marked ?? null;
  const best = maps?.[otherSide(side)].marked ?? null;
  const text =
    maps === null || own === null || best === null
      ? ""
      : `${t("compare.tile", tileName(own.tile, maps[side].grid))}. ${t("compare.bestTileIs", { ...tileName(best.tile, maps[otherSide(side)].grid), score: best.score.toFixed(3) })}`;
  const spoken = useThrottled(text);
  if (maps === null || own === null || best === null) return null;
  const nameOf = (each: "a" | "b"): string => pictures[each]?.name ?? t("compare.outsidePicture");
  const bestName = tileName(best.tile, maps[otherSide(side)].grid);
  return (
    <Section title={t(`compare.readingTitle.${readingSource}`)}>
      <div className="truncate">{t("compare.tileOf", { ...tileName(own.tile, maps[side].grid), name: nameOf(side) })}</div>
      <table className="mt-1 w-full border-collapse">
        <thead>
          <tr className="text-left text-2xs text-fg-3 [&>th]:h-[26px] [&>th]:border-b [&>th]:border-line [&>th]:font-medium">
            <th>{t("compare.image")}</th>
            <th>{t("compare.bestTile")}</th>
            <th className="text-right">{t("compare.score")}</th>
          </tr>
        </thead>
        <tbody>
          <tr className="h-6">
            <td className="max-w-28 truncate pr-2">{nameOf(otherSide(side))}</td>
            <td className="text-fg-2">
              {bestName.column}, {bestName.row}
            </td>
            <td className="text-right">{best.score.toFixed(3)}</td>
          </tr>
        </tbody>
      </table>
      <VisuallyHidden isLive>{spoken}</VisuallyHidden>
    </Section>
  );
}
