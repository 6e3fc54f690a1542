/** @file The left panel of Consistency: what is checked, against what, and by what. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Kbd } from "../../../ui/kbd";
import { Section } from "../../../ui/section";
import type { CheckView } from "../use-check";
import { AlikeSection } from "./alike-section";
import { AreaSection } from "./area/area-section";
import { CandidatesSection } from "./candidates-section";
import { CompareBySection } from "./compare-by-section";
import { ReferencesSection } from "./references-section";

/** Sections from the question to the keys that answer it. */
export function SetupPanel({ check }: { readonly check: CheckView }): ReactNode {
  return (
    <div className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto">
      <ReferencesSection check={check} />
      <AlikeSection check={check} />
      <CandidatesSection check={check} />
      <CompareBySection check={check} />
      <AreaSection check={check} />
      <Keys />
    </div>
  );
}

const keys = [
  ["P", "check.keys.accept"],
  ["X", "check.keys.reject"],
  ["U", "check.keys.undecided"],
  ["← →", "check.keys.next"],
  ["Z", "check.keys.sideBySide"],
] as const;

function Keys(): ReactNode {
  const { t } = useTranslation();
  return (
    <Section title={t("check.keys.title")}>
      <ul className="m-0 flex list-none flex-wrap gap-x-3 gap-y-1 p-0 text-2xs text-fg-2">
        {keys.map(([key, label]) => (
          <li key={key} className="flex items-center gap-1.5">
            <Kbd shortcut={key} />
            {t(label)}
          </li>
        ))}
      </ul>
    </Section>
  );
}
