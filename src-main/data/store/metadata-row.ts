/** @file A picture's metadata as a row of its table, and as it is held in memory: 100,000 of them must not weigh hundreds of megabytes. */
import type { FileAccount } from "#shared/domain/asset-filter-fields";
import type { AssetMetadata, PaletteColour } from "#shared/domain/asset-metadata";

/** The metadata with its palette still packed: six objects a picture would weigh more than all the rest. */
export interface PackedMetadata {
  readonly account: FileAccount;
  readonly palette: string;
  readonly phash: string;
}

/** Most pictures say nothing; they share this. */
const silent: FileAccount = { generation: null, capture: null, description: null };

/** Columns of the table besides the key and the version. */
export function toCells({ generation, capture, description, palette, phash }: AssetMetadata) {
  const isSilent = generation === null && capture === null && description === null;
  return {
    json: isSilent ? "" : JSON.stringify({ generation, capture, description } satisfies FileAccount),
    palette: palette.map(({ colour, share }) => `${colour} ${share}`).join(","),
    phash,
  };
}

/** Shares equal texts among all rows read with it: models, samplers and whole prompts come thousands of times. */
export type ShareText = (text: string) => string;

/** Creates the sharing of one load. */
export function createTextSharing(): ShareText {
  const known = new Map<string, string>();
  return (text) => {
    const shared = known.get(text);
    if (shared === undefined) known.set(text, text);
    return shared ?? text;
  };
}

/** A row as it is held; null for one that cannot be read. */
export function fromCells(
  cells: { readonly json: string; readonly palette: string; readonly phash: string },
  share: ShareText,
): PackedMetadata | null {
  try {
    const account =
      cells.json === ""
        ? silent
        : (JSON.parse(cells.json, (_key, value: unknown) => (typeof value === "string" ? share(value) : value)) as FileAccount);
    return { account, palette: cells.palette, phash: cells.phash };
  } catch {
    return null;
  }
}

/** The metadata as everybody else knows it. */
export function unpackMetadata({ account, palette, phash }: PackedMetadata): AssetMetadata {
  return { ...account, palette: unpackPalette(palette), phash };
}

/** A palette as everybody else knows it. */
export function unpackPalette(packed: string): PaletteColour[] {
  return packed === "" ? [] : packed.split(",").map(toColour);
}

/** The form held in memory of metadata that was just written. */
export function packMetadata(metadata: AssetMetadata): PackedMetadata {
  const { generation, capture, description } = metadata;
  const { palette, phash } = toCells(metadata);
  return { account: { generation, capture, description }, palette, phash };
}

function toColour(text: string): PaletteColour {
  const [colour = "", share = ""] = text.split(" ");
  return { colour, share: Number(share) };
}
