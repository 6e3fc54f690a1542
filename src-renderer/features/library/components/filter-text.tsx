/** @file The filter as text, for what the lists cannot say: sizes, dates, words of a prompt, "or" and "not". */
import { Braces } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { AppError } from "#shared/domain/app-error";
import { parseFilter } from "#shared/domain/asset-filter-parse";
import { Button } from "../../../ui/button";
import { IconButton } from "../../../ui/icon-button";
import { Popover } from "../../../ui/popover";

const examples = [
  "rating >= 4 and not flag = rejected",
  'prompt ~ "fox" and model = "sdxl*"',
  "width >= 2000 and taken >= 2026-01",
  "colour ~ #c04030 or tag = ink",
];

export interface FilterTextProps {
  readonly where: string | null;
  readonly onWhere: (where: string | null) => void;
}

/** A button with a panel in which the whole filter is written; a mistake is told before it is used. */
export function FilterText({ where, onWhere }: FilterTextProps): ReactNode {
  const { t } = useTranslation();
  const label = t("library.facets.write");
  return (
    <Popover trigger={<IconButton icon={Braces} label={label} isPressed={where !== null} />} title={label} className="w-96">
      <FilterForm key={where} where={where} onWhere={onWhere} />
    </Popover>
  );
}

function FilterForm({ where, onWhere }: FilterTextProps): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState(where ?? "");
  const fault = faultOf(text);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (fault === null) onWhere(text.trim() === "" ? null : text.trim());
  };
  return (
    <form onSubmit={submit}>
      <textarea
        aria-label={t("library.facets.write")}
        aria-invalid={fault !== null}
        aria-describedby="filter-fault"
        value={text}
        rows={3}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.shiftKey) submit(event);
        }}
        className="w-full resize-none rounded-md border border-control-line bg-well p-2 font-mono text-2xs text-fg-1 outline-none select-text focus-visible:outline-2 focus-visible:outline-offset-1 focus-visible:outline-focus"
      />
      <p id="filter-fault" role="status" className="mt-1 min-h-8 text-2xs text-warn">
        {fault}
      </p>
      <p className="text-2xs text-fg-3">{t("library.facets.examples")}</p>
      <ul className="mt-1 mb-3 list-none p-0">
        {examples.map((example) => (
          <li key={example}>
            <button
              type="button"
              onClick={() => setText(example)}
              className="w-full truncate rounded-sm border-0 bg-transparent px-0 py-0.5 text-left font-mono text-2xs text-fg-2 hover:text-fg-1"
            >
              {example}
            </button>
          </li>
        ))}
      </ul>
      <span className="flex justify-end gap-2">
        <Button size="sm" variant="primary" type="submit" disabled={fault !== null}>
          {t("library.facets.apply")}
        </Button>
      </span>
    </form>
  );
}

function faultOf(text: string): string | null {
  try {
    parseFilter(text);
    return null;
  } catch (error) {
    return error instanceof AppError ? error.message : String(error);
  }
}
