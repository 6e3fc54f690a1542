/** @file Kept attention features, recipe by recipe: in which form, how well it was measured to do, and how much room they take. */
import { useQuery } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type CachedRecipe, type FormCheck, type FormChoice, formChoiceSchema } from "#shared/domain/feature-cache";
import { appErrorOf } from "../../../lib/app-error-of";
import { cn } from "../../../lib/class-names";
import { useEngine } from "../../../lib/engine";
import { formatBytes, formatCount, formatPercent } from "../../../lib/format";
import { useIsReadOnly } from "../../../lib/read-only";
import { ErrorCard } from "../../../ui/error-card";
import { Icon } from "../../../ui/icon";
import { Select } from "../../../ui/select";
import { useFeatureStorage } from "../use-storage";
import { ClearButton, StorageRoom } from "./storage-room";

const columns = "grid grid-cols-[minmax(0,1fr)_148px_56px_64px_56px_24px] gap-x-3";

/** The part of the dialog about features. A read-only library's are shown, but stay as they are. */
export function FeatureStorage({ isOpen }: { readonly isOpen: boolean }): ReactNode {
  const { t } = useTranslation();
  const isReadOnly = useIsReadOnly();
  const { status, error, isBusy, setBudget, clear, chooseForm } = useFeatureStorage(isOpen);
  const isDisabled = isReadOnly || isBusy;
  return (
    <section aria-label={t("storage.features")} className="border-b border-line p-4">
      <h3 className="m-0 text-xs font-semibold">{t("storage.features")}</h3>
      <p className="mt-1 mb-0 text-2xs text-fg-2">{t("storage.featuresNote")}</p>
      {isReadOnly && (
        <p className="mt-2 mb-0 flex items-center gap-2 text-2xs">
          <Icon icon={Lock} size={14} className="text-warn" />
          {t("storage.readOnly")}
        </p>
      )}
      {error && (
        <div className="mt-3">
          <ErrorCard error={appErrorOf(error)} />
        </div>
      )}
      {status && (
        <StorageRoom
          name={t("storage.features")}
          bytes={status.bytes}
          budgetBytes={status.budgetBytes}
          facts={[
            t("storage.sets", { count: status.files, formatted: formatCount(status.files) }),
            ...(status.hitShare === null ? [] : [t("storage.found", { share: formatPercent(100 * status.hitShare) })]),
          ]}
          isDisabled={isDisabled}
          onBudget={(bytes) => setBudget({ bytes })}
          onClear={() => clear({ recipeId: null })}
          clearNote={t("storage.clearFeaturesNote")}
        />
      )}
      {status && status.recipes.length > 0 && (
        <RecipeTable
          recipes={status.recipes}
          isDisabled={isDisabled}
          onForm={({ recipeId }, choice) => chooseForm({ recipeId, choice })}
          onClear={({ recipeId }) => clear({ recipeId })}
        />
      )}
    </section>
  );
}

interface RecipeCommands {
  readonly isDisabled: boolean;
  readonly onForm: (recipe: CachedRecipe, choice: FormChoice) => void;
  readonly onClear: (recipe: CachedRecipe) => void;
}

function RecipeTable({ recipes, ...commands }: RecipeCommands & { readonly recipes: readonly CachedRecipe[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <div aria-hidden className={cn(columns, "mt-3 h-7 items-center border-b border-line text-2xs text-fg-3")}>
        <span className="col-start-2">{t("storage.form")}</span>
        <span className="text-right">{t("storage.picturesColumn")}</span>
        <span className="text-right">{t("storage.size")}</span>
        <span className="text-right">{t("storage.foundColumn")}</span>
      </div>
      <ul aria-label={t("storage.features")} className="m-0 list-none p-0">
        {recipes.map((recipe) => (
          <RecipeRow key={recipe.recipeId} recipe={recipe} {...commands} />
        ))}
      </ul>
      <p className="mt-2 mb-0 text-2xs text-fg-3">{t("storage.formNote")}</p>
    </>
  );
}

function RecipeRow({ recipe, isDisabled, onForm, onClear }: RecipeCommands & { readonly recipe: CachedRecipe }): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { data: cards } = useQuery(api.metrics.list.queryOptions());
  const { metric, modelName, choice, form, check, files, bytes, hits, misses } = recipe;
  const title = cards?.find((card) => card.metric === metric)?.title ?? metric;
  const optionLabel = (option: FormChoice): string =>
    option !== "auto"
      ? t(`storage.forms.${option}`)
      : choice === "auto"
        ? t("storage.autoNow", { form: t(`storage.forms.${form}`) })
        : t("storage.auto");
  return (
    <li className={cn(columns, "items-start border-b border-line py-2 last:border-b-0")}>
      <div className="min-w-0">
        <div className="truncate font-medium" title={title}>
          {title}
        </div>
        <div className="truncate text-2xs text-fg-3" title={modelName}>
          {modelName}
        </div>
        <CheckLine check={check} />
      </div>
      <Select
        label={t("storage.formOf", { title })}
        value={choice}
        onChange={(next) => onForm(recipe, next)}
        isDisabled={isDisabled}
        options={formChoiceSchema.options.map((value) => ({ value, label: optionLabel(value) }))}
      />
      <span className="text-right leading-6">{formatCount(files)}</span>
      <span className="text-right leading-6">{formatBytes(bytes)}</span>
      <span className="text-right leading-6">{hits + misses === 0 ? "" : formatPercent((100 * hits) / (hits + misses))}</span>
      <ClearButton
        label={t("storage.clearOf", { title })}
        note={t("storage.clearFeaturesNote")}
        isDisabled={isDisabled || files === 0}
        onClear={() => onClear(recipe)}
      />
    </li>
  );
}

/** How alike eight bits were measured to rank. */
function CheckLine({ check }: { readonly check: FormCheck | null }): ReactNode {
  const { t } = useTranslation();
  const words =
    check === null
      ? t("storage.unchecked")
      : t(check.isAccepted ? "storage.accepted" : "storage.refused", { tau: check.tau.toFixed(3), recall: check.recall.toFixed(3) });
  return <div className="text-2xs text-fg-3">{words}</div>;
}
