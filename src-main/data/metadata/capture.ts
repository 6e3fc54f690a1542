/** @file How a picture was taken, from EXIF. */
import type { Capture } from "#shared/domain/asset-metadata";
import type { ContainerTags } from "./container";
import { exifText } from "./exif-text";

type Exif = ContainerTags["exif"];

/** The camera's account; null when there is none. A file that only names a camera or a time counts as one. */
export function readCapture(exif: Exif): Capture | null {
  const capture: Capture = {
    camera: cameraOf(exif),
    lens: nameOf(exif, "LensModel"),
    takenMs: takenMs(exif, "Original") ?? takenMs(exif, "Digitized"),
    exposureSeconds: positive(exif.get("ExposureTime")),
    fNumber: positive(exif.get("FNumber")),
    iso: positive(exif.get("PhotographicSensitivity")) ?? positive(exif.get("ISOSpeedRatings")),
    focalLengthMm: positive(exif.get("FocalLength")),
  };
  return Object.values(capture).every((value) => value === null) ? null : capture;
}

/** Maker and model; most models begin with the name of their maker. */
function cameraOf(exif: Exif): string | null {
  const [make, model] = [nameOf(exif, "Make"), nameOf(exif, "Model")];
  if (make === null || model === null) return model ?? make;
  const brand = make.split(" ")[0] ?? make;
  return model.toLowerCase().startsWith(brand.toLowerCase()) ? model : `${make} ${model}`;
}

/** A name of a device; some generators put whole documents in its place. */
function nameOf(exif: Exif, field: string): string | null {
  const text = exifText(exif, field);
  return text === null || text.includes("{") || text.length > 200 ? null : text;
}

/** `YYYY:MM:DD hh:mm:ss` in the time zone that the file names, or else in that of this machine: the time the camera's clock showed. */
function takenMs(exif: Exif, kind: "Original" | "Digitized"): number | null {
  const found = /^(\d{4}):(\d\d):(\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(exifText(exif, `DateTime${kind}`) ?? "");
  if (found === null) return null;
  const [, year, month, day, hours, minutes, seconds] = found;
  const zone = /^[+-]\d\d:\d\d$/.exec(exifText(exif, `OffsetTime${kind}`) ?? "")?.[0] ?? "";
  const time = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}${zone}`);
  return Number.isNaN(time) ? null : time;
}

/** A number, the first of a list, or a fraction; null for what says nothing. */
function positive(value: unknown): number | null {
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  const fraction = Array.isArray(list[0]) ? (list[0] as unknown[]) : list;
  const number = Number(fraction[0]) / (fraction.length === 2 ? Number(fraction[1]) : 1);
  return Number.isFinite(number) && number > 0 ? number : null;
}
