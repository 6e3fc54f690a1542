/** @file How alike the references are to one another and to what is something else, and what that allows to conclude. */
import type { TFunction } from "i18next";
import { Check, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Calibration, CalibrationStanding, ErrorRate } from "#shared/domain/check-calibration";
import { leaveOneOut } from "#shared/domain/check-combine";
import { cn } from "../../../lib/class-names";
import { formatScore } from "../../../lib/format";
import { Icon } from "../../../ui/icon";
import { Section } from "../../../ui/section";
import type { CheckView } from "../use-check";

/** Three figures and one sentence, of the measure that is shown. */
export function AlikeSection({ check }: { readonly check: CheckView }): ReactNode {
  const { t } = useTranslation();
  const { result, split, shownMeasure, setup } = check;
  const measured = result?.measures[shownMeasure];
  const calibration = split?.calibrations[shownMeasure];
  if (measured === undefined || calibration === undefined) return null;
  const own = leaveOneOut(measured, setup.combine).flatMap((score, index) => (score === null ? [] : [{ score, index }]));
  const lowest = own.reduce<(typeof own)[number] | null>((low, each) => (low === null || each.score < low.score ? each : low), null);
  const mean = own.reduce((sum, { score }) => sum + score, 0) / own.length;
  const bestImpostor = calibration.impostors.at(-1);
  const facts: readonly (readonly [string, string, string])[] = [
    ...(lowest === null
      ? []
      : ([
          [t("check.leaveOneOutMean"), formatScore(mean), t("check.leaveOneOutHint")],
          [t("check.lowestReference", { number: lowest.index + 1 }), formatScore(lowest.score), t("check.leaveOneOutHint")],
        ] as const)),
    ...(bestImpostor === undefined
      ? []
      : ([
          [t("check.bestImpostor", { count: calibration.impostors.length }), formatScore(bestImpostor), t("check.impostorHint")],
        ] as const)),
  ];
  return (
    <Section title={t("check.howAlike")}>
      <dl className="m-0 grid grid-cols-[1fr_auto] gap-x-2 gap-y-[3px] text-2xs">
        {facts.map(([name, value, hint]) => (
          <div key={name} className="contents">
            <dt className="text-fg-3" title={hint}>
              {name}
            </dt>
            <dd className="m-0 text-fg-1 select-text">{value}</dd>
          </div>
        ))}
      </dl>
      <Standing
        calibration={calibration}
        onlyRejects={!calibration.tellsApart && split?.calibrations.some(({ tellsApart }) => tellsApart) === true}
      />
    </Section>
  );
}

const icons = {
  separate: Check,
  overlapping: TriangleAlert,
  "few-references": Info,
  "one-reference": Info,
  "few-impostors": Info,
  nothing: TriangleAlert,
} as const satisfies Record<CalibrationStanding, typeof Check>;

interface StandingProps {
  readonly calibration: Calibration;
  /** Another measure tells references and impostors apart, so this one accepts nothing by itself. */
  readonly onlyRejects: boolean;
}

function Standing({ calibration, onlyRejects }: StandingProps): ReactNode {
  const { t } = useTranslation();
  const { standing } = calibration;
  const isWarning = standing === "overlapping" || standing === "nothing";
  return (
    <div className={cn("mt-2 flex gap-2 rounded-md px-3 py-2 text-2xs text-fg-2", isWarning ? "bg-warn-fill text-fg-1" : "bg-raised")}>
      <Icon
        icon={icons[standing]}
        size={14}
        className={cn("mt-px shrink-0", isWarning ? "text-warn" : standing === "separate" && "text-accept")}
      />
      <span>
        {standingText(t, calibration)}
        {onlyRejects && ` ${t("check.onlyRejects")}`}
      </span>
    </div>
  );
}

function standingText(t: TFunction, { standing, falseAccept, falseReject }: Calibration): string {
  if (standing !== "overlapping" || falseAccept === null || falseReject === null) return t(`check.standing.${standing}`);
  return t("check.standing.overlappingErrors", { accepted: rateText(t, falseAccept), rejected: rateText(t, falseReject) });
}

/** "4 % (1 to 9 %)": the share with the interval it most likely lies in. */
function rateText(t: TFunction, { rate, interval: [low, high] }: ErrorRate): string {
  const percent = (share: number): string => String(Math.round(share * 100));
  return t("check.rate", { rate: percent(rate), low: percent(low), high: percent(high) });
}
