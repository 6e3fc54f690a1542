/** @file What candidates are checked against: the references with how alike each is to the others, and the boards they are kept on. */
import { Plus, X } from "lucide-react";
import { type DragEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { thumbnailUrl } from "#shared/contract/media-routes";
import type { AssetId } from "#shared/domain/asset";
import { leaveOneOut } from "#shared/domain/check-combine";
import { droppedAsset, holdsPicture } from "../../../lib/asset-drag";
import { formatCount } from "../../../lib/format";
import { usePicture } from "../../../lib/pictures";
import { Artwork } from "../../../ui/artwork";
import { Button } from "../../../ui/button";
import { Icon } from "../../../ui/icon";
import { Section } from "../../../ui/section";
import { changeReferences } from "../check-state";
import { mostReferences } from "../check-setup";
import type { CheckView } from "../use-check";
import { BoardMenu } from "./board-menu";
import { PictureChooser } from "./picture-chooser";

/** The first section of the panel. Pictures of the library can be dropped on it. */
export function ReferencesSection({ check }: { readonly check: CheckView }): ReactNode {
  const { t } = useTranslation();
  const { references } = check.setup;
  const [isChoosing, setIsChoosing] = useState(false);
  const scores = referenceScores(check);
  const onDrop = (event: DragEvent): void => {
    const id = droppedAsset(event);
    if (id === null) return;
    event.preventDefault();
    event.stopPropagation();
    changeReferences([...references, id], t("check.undo.references"));
  };
  const add = (ids: readonly AssetId[]): void => {
    setIsChoosing(false);
    changeReferences([...references, ...ids], t("check.undo.references"));
  };
  return (
    <Section
      title={t("check.references")}
      aside={references.length > 0 && t("check.images", { count: references.length, formatted: formatCount(references.length) })}
    >
      <div onDragOver={(event) => holdsPicture(event) && event.preventDefault()} onDrop={onDrop}>
        {references.length === 0 && <p className="m-0 mb-2 text-2xs text-fg-3">{t("check.referencesHint")}</p>}
        <ul className="m-0 grid list-none grid-cols-3 gap-1 p-0">
          {references.map((id, index) => (
            <ReferenceTile
              key={id}
              id={id}
              number={index + 1}
              score={scores.get(id) ?? null}
              onRemove={() =>
                changeReferences(
                  references.filter((other) => other !== id),
                  t("check.undo.references"),
                )
              }
            />
          ))}
        </ul>
        <div className="mt-1.5 flex items-center gap-1">
          <Button
            size="sm"
            icon={Plus}
            className="flex-1"
            disabled={references.length >= mostReferences}
            onClick={() => setIsChoosing(true)}
          >
            {t("check.add")}
          </Button>
          <BoardMenu check={check} />
        </div>
      </div>
      {isChoosing && (
        <PictureChooser
          title={t("check.chooseReferences")}
          confirm={(count) => t("check.addReferences", { count, formatted: formatCount(count) })}
          onChoose={add}
          onClose={() => setIsChoosing(false)}
        />
      )}
    </Section>
  );
}

/** How alike each reference is to the others, by the measure that is shown. */
function referenceScores({ result, shownMeasure, setup }: CheckView): ReadonlyMap<AssetId, number | null> {
  const measured = result?.measures[shownMeasure];
  if (result === null || measured === undefined) return new Map();
  const scores = leaveOneOut(measured, setup.combine);
  return new Map(result.references.map(({ asset }, index) => [asset.id, scores[index] ?? null]));
}

interface ReferenceTileProps {
  readonly id: AssetId;
  readonly number: number;
  readonly score: number | null;
  readonly onRemove: () => void;
}

function ReferenceTile({ id, number, score, onRemove }: ReferenceTileProps): ReactNode {
  const { t } = useTranslation();
  const { picture, error } = usePicture(id);
  const name = picture?.name ?? t("check.outsidePicture");
  return (
    <li className="group relative min-w-0" title={error?.message ?? name}>
      <Artwork src={thumbnailUrl(id, 256)} alt={name} className="aspect-square w-full" />
      <button
        type="button"
        aria-label={t("check.removeReference", { number, name })}
        onClick={onRemove}
        className="absolute top-0.5 right-0.5 grid size-6 place-items-center rounded-sm border-0 bg-black/75 p-0 text-white opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
      >
        <Icon icon={X} size={14} />
      </button>
      <div className="pt-px text-center text-2xs text-fg-2">
        {number}
        {score !== null && <span className="text-fg-3">, {score.toFixed(2)}</span>}
      </div>
    </li>
  );
}
