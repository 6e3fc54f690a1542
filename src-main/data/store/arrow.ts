/**
 * @file Apache Arrow as LanceDB loads it.
 *
 * The package has a CommonJS and an ES module form, and LanceDB requires the first. Importing would load the second: another set of
 * classes, whose tables LanceDB has to rebuild and whose types its results are not instances of.
 */
import { createRequire } from "node:module";
import type * as Arrow from "apache-arrow";

export type { DataType, Field, RecordBatch, Schema, Table, Utf8, Vector } from "apache-arrow";

export const arrow = createRequire(import.meta.url)("apache-arrow") as typeof Arrow;
