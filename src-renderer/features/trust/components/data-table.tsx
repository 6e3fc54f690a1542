/** @file The plain table of Trust: hairlines, numbers to the right. */
import type { ReactNode } from "react";
import { cn } from "../../../lib/class-names";

/** A table that scrolls in its own space where it is too wide. */
export function DataTable({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="overflow-x-auto">
      <table aria-label={label} className="w-full border-collapse tabular-nums">
        {children}
      </table>
    </div>
  );
}

interface CellProps {
  readonly children?: ReactNode;
  readonly isNumber?: boolean;
  readonly className?: string;
}

/** The head of a column. */
export function Head({ children, isNumber = false, className }: CellProps): ReactNode {
  return (
    <th
      scope="col"
      className={cn(
        "h-7 border-b border-line px-1.5 text-2xs font-medium whitespace-nowrap text-fg-3",
        isNumber ? "text-right" : "text-left",
        className,
      )}
    >
      {children}
    </th>
  );
}

/** A cell; `isHead` makes it the head of its row. */
export function Cell({ children, isNumber = false, isHead = false, className }: CellProps & { readonly isHead?: boolean }): ReactNode {
  const classes = cn("border-b border-line px-1.5 py-1 font-normal", isNumber ? "text-right whitespace-nowrap" : "text-left", className);
  return isHead ? (
    <th scope="row" className={classes}>
      {children}
    </th>
  ) : (
    <td className={classes}>{children}</td>
  );
}
