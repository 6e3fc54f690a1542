/** @file Which names are pictures we decode, pictures we do not decode (and say so), and things nobody asks about. */

const decodable = new Set(["jpg", "jpeg", "jpe", "jfif", "png", "apng", "webp", "gif", "tif", "tiff", "bmp", "dib", "avif"]);

/** Formats that a person would expect to see, by extension, with the name they know. */
const undecodable: ReadonlyMap<string, string> = new Map(
  Object.entries({
    HEIC: "heic heif hif",
    "JPEG XL": "jxl",
    "JPEG 2000": "jp2 j2k jpf jpx",
    Photoshop: "psd psb",
    Krita: "kra",
    GIMP: "xcf",
    "Clip Studio": "clip",
    "PaintTool SAI": "sai sai2",
    Procreate: "procreate",
    Affinity: "afphoto afdesign",
    Illustrator: "ai",
    EPS: "eps",
    SVG: "svg svgz",
    icon: "ico icns",
    OpenEXR: "exr",
    "Radiance HDR": "hdr",
    Targa: "tga",
    DDS: "dds",
    Netpbm: "ppm pgm pbm pnm",
    QOI: "qoi",
    "camera raw": "cr2 cr3 crw nef nrw arw srf sr2 dng orf rw2 raf pef srw x3f 3fr iiq mrw erf kdc",
  }).flatMap(([name, extensions]) => extensions.split(" ").map((extension): [string, string] => [extension, name])),
);

/** Folders that systems make for themselves. Names are compared in lower case. */
const systemFolders = new Set(["$recycle.bin", "system volume information", "lost+found", "@eadir", "__macosx", "#recycle", "#snapshot"]);

export type FileKind =
  { readonly kind: "image" } | { readonly kind: "unsupported"; readonly formatName: string } | { readonly kind: "other" };

/** Decides by the extension alone; a file that lies about itself fails when it is decoded. */
export function fileKindOf(name: string): FileKind {
  const dot = name.lastIndexOf(".");
  const extension = dot <= 0 ? "" : name.slice(dot + 1).toLowerCase();
  if (decodable.has(extension)) return { kind: "image" };
  const formatName = undecodable.get(extension);
  return formatName === undefined ? { kind: "other" } : { kind: "unsupported", formatName };
}

/** Hidden files and folders begin with a dot; macOS keeps a shadow of each picture in "._NAME" on foreign drives. */
export function isHidden(name: string): boolean {
  return name.startsWith(".");
}

/** True for folders that systems make for themselves on every drive. */
export function isSystemFolder(name: string): boolean {
  return systemFolders.has(name.toLowerCase());
}
