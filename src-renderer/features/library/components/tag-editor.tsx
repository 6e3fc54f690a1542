/** @file The tags of the selection: those that all of it has, one more by typing, one less by its cross. */
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { tagKey, tagSchema } from "#shared/domain/annotation";
import { useEngine } from "../../../lib/engine";
import { Chip } from "../../../ui/chip";
import { TextField } from "../../../ui/toolbar";

const fieldMark = "data-tag-field";
const mostSuggestions = 200;

/** Puts the keyboard into the field for a new tag, as soon as the details that hold it are there; `frames` is how long that may take. */
export function focusTagField(frames = 30): void {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLElement>(`[${fieldMark}]`);
    if (field) field.focus();
    else if (frames > 0) focusTagField(frames - 1);
  });
}

export interface TagEditorProps {
  readonly tags: readonly string[];
  /** Why nothing can be changed; null when it can. */
  readonly refusal: string | null;
  readonly onAdd: (tag: string) => void;
  readonly onRemove: (tag: string) => void;
}

/** Enter or a comma adds what was typed; Escape goes back to the pictures. */
export function TagEditor({ tags, refusal, onAdd, onRemove }: TagEditorProps): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const [typed, setTyped] = useState("");
  const listId = useId();
  const { data: known = [] } = useQuery(api.annotations.tags.queryOptions());
  const has = new Set(tags.map(tagKey));
  const add = (): void => {
    const tag = tagSchema.safeParse(typed);
    if (tag.success && !has.has(tagKey(tag.data))) onAdd(tag.data);
    setTyped("");
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "Enter" || event.key === ",") add();
    else if (event.key === "Escape") document.querySelector<HTMLElement>('[role="gridcell"][tabindex="0"]')?.focus();
    // The field's own undo, not that of the library.
    else if (event.key === "z" && (event.ctrlKey || event.metaKey)) return event.stopPropagation();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="flex flex-wrap items-center gap-1">
      {tags.map((tag) => (
        <Chip
          key={tag}
          {...(refusal === null ? { onRemove: () => onRemove(tag), removeLabel: t("library.annotate.removeTag", { tag }) } : {})}
        >
          <span className="max-w-40 truncate" title={tag}>
            {tag}
          </span>
        </Chip>
      ))}
      <TextField
        {...{ [fieldMark]: "" }}
        label={t("library.annotate.newTag")}
        placeholder={t("library.annotate.newTag")}
        value={typed}
        onChange={setTyped}
        onKeyDown={onKeyDown}
        list={listId}
        disabled={refusal !== null}
        title={refusal ?? undefined}
        maxLength={100}
        className="h-6 w-24 flex-1 text-2xs"
      />
      <datalist id={listId}>
        {known
          .filter(({ tag }) => !has.has(tagKey(tag)))
          .slice(0, mostSuggestions)
          .map(({ tag }) => (
            <option key={tag} value={tag}>
              {tag}
            </option>
          ))}
      </datalist>
    </div>
  );
}
