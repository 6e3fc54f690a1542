/** @file Opens the review. */
import { useRouter } from "@tanstack/react-router";
import { useCallback } from "react";
import { duplicatesSearchSchema } from "./duplicates-search";
import { useReview } from "./review-state";

const scopeSchema = duplicatesSearchSchema.pick({ folder: true, where: true });

/** Opens the review as it was left; from the Library among the pictures of its folder and filter. */
export function useOpenReview(): () => void {
  const router = useRouter();
  return useCallback(() => {
    const { search } = useReview.getState();
    const { pathname, search: shown } = router.state.location;
    const { folder, where } = scopeSchema.parse(pathname.startsWith("/library") ? shown : search);
    void router.navigate({ to: "/duplicates", search: { ...search, folder, where } });
  }, [router]);
}
