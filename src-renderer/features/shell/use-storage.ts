/** @file What is kept to spare work, and the commands that change how much room it takes. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { appErrorOf } from "../../lib/app-error-of";
import { useEngine } from "../../lib/engine";
import { formatBytes, formatCount } from "../../lib/format";
import { notify, notifyError } from "../../ui/toast";

const onError = (error: unknown): void => notifyError(appErrorOf(error));

/** The kept attention features of the library. They change without notice, so each opening looks anew. */
export function useFeatureStorage(isOpen: boolean) {
  const { t } = useTranslation();
  const { api } = useEngine();
  const queryClient = useQueryClient();
  const { data: status, error } = useQuery(api.cache.status.queryOptions({ enabled: isOpen, staleTime: 0 }));
  const refresh = () => queryClient.invalidateQueries({ queryKey: api.cache.key() });
  const onDropped = ({ files, bytes }: { readonly files: number; readonly bytes: number }): void => {
    void refresh();
    notify({ title: t("storage.dropped", { count: files, formatted: formatCount(files), bytes: formatBytes(bytes) }) });
  };
  const budget = useMutation(api.cache.setBudget.mutationOptions({ onError, onSuccess: onDropped }));
  const clear = useMutation(api.cache.clear.mutationOptions({ onError, onSuccess: onDropped }));
  const form = useMutation(api.cache.chooseForm.mutationOptions({ onError, onSuccess: () => void refresh() }));
  const isBusy = budget.isPending || clear.isPending || form.isPending;
  return { status, error, isBusy, setBudget: budget.mutate, clear: clear.mutate, chooseForm: form.mutate };
}

/** The float32 copies of large weights, which all libraries share. */
export function useWeightStorage(isOpen: boolean) {
  const { api } = useEngine();
  const queryClient = useQueryClient();
  const weights = api.models.weightCache;
  const { data: status, error } = useQuery(weights.status.queryOptions({ enabled: isOpen, staleTime: 0 }));
  const onSuccess = () => void queryClient.invalidateQueries({ queryKey: weights.key() });
  const budget = useMutation(weights.setBudget.mutationOptions({ onError, onSuccess }));
  const clear = useMutation(weights.clear.mutationOptions({ onError, onSuccess }));
  return { status, error, isBusy: budget.isPending || clear.isPending, setBudget: budget.mutate, clear: clear.mutate };
}
