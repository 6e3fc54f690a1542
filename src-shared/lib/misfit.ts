/** @file Why a value from outside does not fit its schema, in words. */
import type { z } from "zod";

/** The first thing that does not fit, as the end of a sentence: `field "hidden_size": it must be >0`. */
export function misfit(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return "it is malformed";
  const what = issue.message
    .replace(/^(?:Invalid input|Too (?:small|big)|Invalid option|Unrecognized key): /, "")
    .replace(/^expected number to be ([<>]=?)/, "it must be $1 ")
    .replace(/^expected int, received number$/, "it must be a whole number")
    .replace(/^Invalid input$/, "it is not of any form that is understood");
  const field = issue.path.join(".");
  return field === "" ? what : `field "${field}": ${what}`;
}
