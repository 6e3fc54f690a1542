/** @file Which part of a picture a model saw, so that maps and regions lie where they belong. */
import type { ModelFamilyId } from "./feature-recipe";
import type { Crop } from "./search";

/** How much of the largest square in the middle of a picture these families see; all others see the whole picture, squashed. */
const squareShares: Readonly<Partial<Record<ModelFamilyId, number>>> = {
  clip: 1,
  // The image processors resize the short side to 256 and cut 224 out of the middle.
  dinov2: 224 / 256,
  dino: 224 / 256,
};

/** The part of a picture that the token grid covers, in fractions. */
export function gridArea(
  { family }: { readonly family: ModelFamilyId },
  picture: { readonly width: number; readonly height: number },
): Crop {
  const share = squareShares[family];
  if (share === undefined) return { x: 0, y: 0, width: 1, height: 1 };
  const side = Math.min(picture.width, picture.height) * share;
  const width = side / picture.width;
  const height = side / picture.height;
  return { x: (1 - width) / 2, y: (1 - height) / 2, width, height };
}
