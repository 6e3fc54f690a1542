/** @file What a person says about the selection: flag, stars and tags. */
import { Flag as FlagIcon, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Flag } from "#shared/domain/annotation";
import type { AssetDetail, AssetId } from "#shared/domain/asset";
import { useIsReadOnly } from "../../../lib/read-only";
import { Button } from "../../../ui/button";
import { Section } from "../../../ui/section";
import { StarRating } from "../../../ui/star-rating";
import { useAnnotate } from "../use-annotate";
import { TagEditor } from "./tag-editor";

export interface DetailAnnotationProps {
  /** The picture that is shown. */
  readonly detail: AssetDetail;
  /** All that is selected: what is said here is said about all of it. */
  readonly ids: readonly AssetId[];
}

/** Shows what is said of the picture shown, and says it of the whole selection. */
export function DetailAnnotation({ detail, ids }: DetailAnnotationProps): ReactNode {
  const { t } = useTranslation();
  const annotate = useAnnotate();
  const refusal = useIsReadOnly() ? t("library.readOnly") : null;
  const { flag, rating, tags } = detail.annotation;
  const toggle = (wanted: Flag): void => annotate(ids, { flag: flag === wanted ? null : wanted });
  const about = ids.length > 1 ? t("library.annotate.aboutAll", { count: ids.length }) : undefined;
  return (
    <Section title={t("library.annotate.title")} aside={about}>
      <div className="mb-2 flex items-center gap-1" title={refusal ?? undefined}>
        <StarRating
          label={t("library.facets.rating")}
          starLabel={(count) => t("library.facets.stars", { count })}
          rating={rating}
          isDisabled={refusal !== null}
          onChange={(next) => annotate(ids, { rating: next })}
        />
        <span className="ml-auto" />
        <Button size="sm" icon={FlagIcon} isPressed={flag === "picked"} disabled={refusal !== null} onClick={() => toggle("picked")}>
          {t("library.annotate.pick")}
        </Button>
        <Button size="sm" icon={X} isPressed={flag === "rejected"} disabled={refusal !== null} onClick={() => toggle("rejected")}>
          {t("library.annotate.reject")}
        </Button>
      </div>
      <TagEditor
        key={detail.id}
        tags={tags}
        refusal={refusal}
        onAdd={(tag) => annotate(ids, { addTags: [tag] })}
        onRemove={(tag) => annotate(ids, { removeTags: [tag] })}
      />
    </Section>
  );
}
