/** @file A check written down for others: a page, a table, a document, or a sheet of pictures. */
import { z } from "zod";
import { checkCombineSchema, checkQuerySchema } from "./check";

export const reportFormats = ["html", "csv", "json", "sheet"] as const;
export const reportFormatSchema = z.enum(reportFormats);
export type ReportFormat = z.infer<typeof reportFormatSchema>;

/** What a view wants written; `cutoffs` has one entry a measure, null for the suggested ones. Verdicts by hand are those of the library. */
export const reportRequestSchema = z.object({
  query: checkQuerySchema,
  combine: checkCombineSchema,
  cutoffs: z.array(z.object({ accept: z.number(), reject: z.number() }).nullable()),
  title: z.string().trim().min(1).max(200),
  format: reportFormatSchema,
});
export type ReportRequest = Readonly<z.infer<typeof reportRequestSchema>>;

/** A file to be offered under `name`; what is no text is base64. */
export const reportFileSchema = z.object({
  name: z.string(),
  contentType: z.string(),
  encoding: z.enum(["utf8", "base64"]),
  content: z.string(),
});
export type ReportFile = Readonly<z.infer<typeof reportFileSchema>>;
