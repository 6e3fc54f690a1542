/** @file Every combination of the settings of a metric, in an order that keeps those together that share a pass of the network. */
import { appError } from "#shared/domain/app-error";
import type { CompareOptions, SettingAxis } from "../../ml/metrics/metric";

/** One combination: its label on every axis and the options it stands for. */
export interface Setting {
  readonly labels: Readonly<Record<SettingAxis["name"], string>>;
  readonly options: CompareOptions;
}

/** Values a person gave in place of an axis's own; left out is the axis as the metric has it. */
export interface AxisChoices {
  readonly steps?: readonly number[];
  readonly sizes?: readonly number[];
}

/** The axes with the person's values in place of their own. Throws usage/invalid for a value on an axis the metric does not have. */
export function chosenAxes(axes: readonly SettingAxis[], { steps, sizes }: AxisChoices): readonly SettingAxis[] {
  const given: Readonly<Partial<Record<SettingAxis["name"], readonly CompareOptions[]>>> = {
    ...(steps === undefined ? {} : { step: steps.map((step) => ({ step })) }),
    ...(sizes === undefined ? {} : { size: sizes.map((size) => ({ size })) }),
  };
  const absent = (["step", "size"] as const).find((name) => given[name] !== undefined && axes.every((axis) => axis.name !== name));
  if (absent !== undefined) throw appError("usage/invalid", `This metric has no ${absent} to choose.`, { hint: `Leave out --${absent}s.` });
  return axes.map((axis) => {
    const options = given[axis.name];
    if (options === undefined) return axis;
    return { name: axis.name, alternatives: options.map((each) => ({ label: String(Object.values(each)[0]), options: each })) };
  });
}

/** All combinations. Those that differ only in the tap follow one another. */
export function settingGrid(axes: readonly SettingAxis[]): readonly Setting[] {
  const outermostFirst = [...axes].sort((one, other) => Number(one.name === "tap") - Number(other.name === "tap"));
  const unset = { tap: "", step: "", size: "" };
  return outermostFirst.reduce<readonly Setting[]>(
    (settings, { name, alternatives }) =>
      settings.flatMap((setting) =>
        alternatives.map(({ label, options }) => ({
          labels: { ...setting.labels, [name]: label },
          options: { ...setting.options, ...options },
        })),
      ),
    [{ labels: unset, options: {} }],
  );
}

/** Settings in runs that share a pass: all but the tap is equal. */
export function passGroups(settings: readonly Setting[]): readonly (readonly Setting[])[] {
  const groups = new Map<string, Setting[]>();
  for (const setting of settings) {
    const key = JSON.stringify([setting.labels.step, setting.labels.size]);
    groups.set(key, [...(groups.get(key) ?? []), setting]);
  }
  return [...groups.values()];
}
