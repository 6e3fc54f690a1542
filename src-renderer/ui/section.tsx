/** @file A titled part of a side panel, and a list of facts. */
import { ChevronDown, ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { cn } from "../lib/class-names";
import { Icon } from "./icon";

export interface SectionProps {
  readonly title: string;
  /** At the right end of the header. */
  readonly aside?: ReactNode;
  readonly isCollapsible?: boolean;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A panel section with a hairline below it. */
export function Section({ title, aside, isCollapsible = false, children, className }: SectionProps): ReactNode {
  const [isOpen, setIsOpen] = useState(true);
  const headingId = useId();
  return (
    <div role="group" aria-labelledby={headingId} className={cn("border-b border-line px-3 pt-2 pb-3 last:border-b-0", className)}>
      <header className="mb-1 flex h-6 items-center gap-1.5 text-2xs font-semibold text-fg-2">
        <h3 id={headingId} className="m-0 flex items-center text-2xs font-semibold">
          {isCollapsible ? (
            <button
              type="button"
              aria-expanded={isOpen}
              onClick={() => setIsOpen(!isOpen)}
              className="-ml-1 flex h-6 items-center gap-1.5 rounded-sm border-0 bg-transparent px-1 font-semibold text-fg-2 hover:text-fg-1"
            >
              <Icon icon={isOpen ? ChevronDown : ChevronRight} size={14} className="text-fg-3" />
              {title}
            </button>
          ) : (
            title
          )}
        </h3>
        {aside && <span className="ml-auto flex items-center font-normal text-fg-3">{aside}</span>}
      </header>
      {(isOpen || !isCollapsible) && children}
    </div>
  );
}

export interface FactsProps {
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}

/** Name and value in two columns; values can be selected and copied. */
export function Facts({ facts }: FactsProps): ReactNode {
  return (
    <dl className="m-0 grid grid-cols-[88px_minmax(0,1fr)] gap-x-2 gap-y-[3px] text-2xs">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-fg-3">{name}</dt>
          <dd className="m-0 truncate text-fg-1 select-text" {...(typeof value === "string" ? { title: value } : {})}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
