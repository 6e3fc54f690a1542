/** @file The twelve styles by name. `drawsCharacter` marks those in which the character is rendered; glass and dots hide a face. */
import { chalk, glass, impasto, pixel, pointillist, riso, woodcut } from "./painted-styles.mjs";
import { gouache, ink, papercut, poster, watercolour } from "./vector-styles.mjs";

export const styles = {
  poster: { render: poster, drawsCharacter: true },
  gouache: { render: gouache, drawsCharacter: true },
  ink: { render: ink, drawsCharacter: true },
  watercolour: { render: watercolour, drawsCharacter: true },
  papercut: { render: papercut, drawsCharacter: true },
  impasto: { render: impasto, drawsCharacter: true },
  pointillist: { render: pointillist, drawsCharacter: false },
  pixel: { render: pixel, drawsCharacter: true },
  riso: { render: riso, drawsCharacter: true },
  woodcut: { render: woodcut, drawsCharacter: true },
  glass: { render: glass, drawsCharacter: false },
  chalk: { render: chalk, drawsCharacter: true },
};
