/** @file Which part of a picture a model saw, so that maps and regions lie where they belong. */
import type { FeatureRecipe } from "#shared/domain/feature-recipe";
import type { Crop } from "#shared/domain/search";

/** DINOv2's image processor resizes the short side to 256 and cuts 224 out of the middle. */
const dinov2Share = 224 / 256;

/**
 * The part of a picture that the token grid covers, in fractions. The starter and Stable Diffusion see the whole picture, squashed;
 * CLIP sees the largest square in its middle, DINOv2 seven eighths of it.
 */
export function gridArea(recipe: Pick<FeatureRecipe, "family">, picture: { readonly width: number; readonly height: number }): Crop {
  if (recipe.family === "starter" || recipe.family === "stable-diffusion") return { x: 0, y: 0, width: 1, height: 1 };
  const side = Math.min(picture.width, picture.height) * (recipe.family === "dinov2" ? dinov2Share : 1);
  const width = side / picture.width;
  const height = side / picture.height;
  return { x: (1 - width) / 2, y: (1 - height) / 2, width, height };
}
