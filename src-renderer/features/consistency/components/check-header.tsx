/** @file The bar above the split: what is checked, in which order it is shown, and what is done with it. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { formatCount } from "../../../lib/format";
import { Select } from "../../../ui/select";
import { Toolbar } from "../../../ui/toolbar";
import { checkOrders } from "../check-setup";
import { changeSetup } from "../check-state";
import type { CheckView } from "../use-check";

export interface CheckHeaderProps {
  readonly check: CheckView;
  readonly title: string;
  /** Commands on the split, at the right end. */
  readonly children?: ReactNode;
}

/** The title row. */
export function CheckHeader({ check, title, children }: CheckHeaderProps): ReactNode {
  const { t } = useTranslation();
  const { result, setup } = check;
  return (
    <Toolbar label={t("check.tools")}>
      <h2 className="m-0 truncate text-md font-medium" title={title}>
        {title}
      </h2>
      {result !== null && (
        <span className="truncate text-fg-3 narrow:hidden">
          {t("check.counts", { references: formatCount(result.references.length), candidates: formatCount(result.candidates.length) })}
        </span>
      )}
      <span className="ml-auto" />
      <Select
        label={t("check.order")}
        isLabelShown
        size="md"
        value={setup.order}
        onChange={(order) => changeSetup({ order })}
        options={checkOrders.map((value) => ({ value, label: t(`check.orderBy.${value}`) }))}
      />
      {children}
    </Toolbar>
  );
}
