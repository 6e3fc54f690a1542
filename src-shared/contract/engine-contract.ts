/** @file Everything a view may ask of the engine. The same contract is served over a message port and a web socket. */
import { eventIterator, oc } from "@orpc/contract";
import { z } from "zod";
import { appErrorShapeSchema } from "../domain/app-error";
import { annotationChangeSchema } from "../domain/annotation";
import { assetAnnotationSchema, assetDetailSchema, assetIdSchema, assetSummarySchema } from "../domain/asset";
import {
  benchmarkIdSchema,
  benchmarkLayoutSchema,
  benchmarkLookSchema,
  benchmarkResultSchema,
  benchmarkSetSchema,
  dealtTripletSchema,
  ownJudgementSchema,
  tripletFilterSchema,
  tripletPageSchema,
} from "../domain/benchmark";
import { rawMetadataEntrySchema } from "../domain/asset-metadata";
import { activeDeviceSchema, deviceEntrySchema, deviceIdSchema, deviceSchema, deviceSelfTestSchema } from "../domain/device";
import { facetGroupSchema } from "../domain/facet";
import { checkEventSchema, checkQuerySchema } from "../domain/check";
import { reportFileSchema, reportRequestSchema } from "../domain/check-report";
import { matrixEventSchema, matrixQuerySchema } from "../domain/check-matrix";
import { cachedRecipeSchema, cacheStatusSchema, droppedFeaturesSchema, formChoiceSchema } from "../domain/feature-cache";
import { duplicateQuerySchema, duplicatesEventSchema, keptApartSchema } from "../domain/duplicates";
import { metricNameSchema, recipeIdSchema } from "../domain/feature-recipe";
import { jobIdSchema, jobSchema } from "../domain/job";
import {
  assetSortSchema,
  fileIssueSchema,
  libraryFolderSchema,
  libraryRootSchema,
  rootIdSchema,
  rootPlaceSchema,
  watchedRootSchema,
} from "../domain/library";
import { foregroundPairSchema, maskInUseSchema, maskSchema } from "../domain/mask";
import { metricCardSchema, modelCardSchema } from "../domain/model-card";
import { pairScoreSchema } from "../domain/score";
import { earlierVerdictsSchema, verdictChangeSchema, verdictReferencesSchema, verdictSchema } from "../domain/verdict";
import { boardIdSchema, boardToKeepSchema, referenceBoardSchema } from "../domain/reference-board";
import { votesEventSchema, votesQuerySchema } from "../domain/vote-report";
import { weightCacheSchema } from "../domain/weight-cache";
import { randomPairsSchema, searchEventSchema, searchQuerySchema } from "../domain/search";
import { fileActIdSchema, fileActSchema, fileOrderSchema, filePlanSchema, fileUndoSchema } from "../domain/split-files";

/** Every procedure may answer with one typed error that a view shows as it is. */
const procedure = oc.errors({ APP_ERROR: { data: appErrorShapeSchema } });

const nothing = z.object({}).optional();

/** What the shell of the window shows. `networkRequests` counts requests that left the machine; only a pressed download makes one. */
export const systemStatusSchema = z.object({
  version: z.string(),
  platform: z.string(),
  libraryPath: z.string(),
  isReadOnly: z.boolean(),
  isFirstRun: z.boolean(),
  assetCount: z.number().int(),
  issueCount: z.number().int(),
  sample: z.object({ isAvailable: z.boolean(), isAdded: z.boolean(), imageCount: z.number().int() }),
  device: activeDeviceSchema,
  networkRequests: z.number().int(),
});

/** A folder as the served folder picker shows it. */
export const folderListingSchema = z.object({
  path: z.string(),
  parent: z.string().nullable(),
  entries: z.array(z.object({ name: z.string(), path: z.string() })),
  imageCount: z.number().int().nonnegative(),
  places: z.array(z.object({ name: z.string(), path: z.string() })),
});

export const assetPageSchema = z.object({ total: z.number().int().nonnegative(), items: z.array(assetSummarySchema) });

export const engineContract = {
  system: {
    status: procedure.input(nothing).output(systemStatusSchema),
    /** Fires when assets, roots, issues, models or measurements changed; views refetch what they show. */
    changes: procedure.input(nothing).output(eventIterator(z.object({ topic: z.enum(["assets", "roots", "issues", "models", "device"]) }))),
  },
  folders: {
    browse: procedure.input(z.object({ path: z.string().nullable() })).output(folderListingSchema),
  },
  roots: {
    list: procedure.input(nothing).output(z.array(watchedRootSchema)),
    /** Adds folders in place and starts measuring them. */
    add: procedure
      .input(z.object({ paths: z.array(z.string()).min(1) }))
      .output(z.object({ roots: z.array(libraryRootSchema), jobId: jobIdSchema })),
    addSample: procedure.input(nothing).output(z.object({ roots: z.array(libraryRootSchema), jobId: jobIdSchema })),
    /** Forgets a root and its index; the files stay untouched. */
    remove: procedure.input(z.object({ rootId: rootIdSchema })).output(z.object({ removedFiles: z.number().int() })),
    /** Says that a root's folder is elsewhere now; what is measured stays. Refused where fewer than half of the files looked for are. */
    relocate: procedure
      .input(z.object({ rootId: rootIdSchema, path: z.string() }))
      .output(rootPlaceSchema.extend({ root: libraryRootSchema, jobId: jobIdSchema })),
    /** Folders that hold the files of a root whose folder is not there, best first. */
    places: procedure.input(z.object({ rootId: rootIdSchema })).output(z.array(rootPlaceSchema)),
    /** Whether changes below a root are taken up by themselves. */
    setWatched: procedure.input(z.object({ rootId: rootIdSchema, isWatched: z.boolean() })).output(z.object({})),
    folders: procedure.input(nothing).output(z.array(libraryFolderSchema)),
    rescan: procedure.input(nothing).output(z.object({ jobId: jobIdSchema })),
  },
  assets: {
    page: procedure
      .input(
        z.object({
          folder: z.string().nullable(),
          text: z.string().nullable(),
          where: z.string().nullable().default(null),
          sort: assetSortSchema,
          offset: z.number().int().nonnegative(),
          limit: z.number().int().positive().max(5000),
        }),
      )
      .output(assetPageSchema),
    /** What the pictures that pass have in common. A group's counts leave its own part of `where` out. */
    facets: procedure
      .input(z.object({ folder: z.string().nullable(), text: z.string().nullable(), where: z.string().nullable() }))
      .output(z.array(facetGroupSchema)),
    detail: procedure.input(z.object({ assetId: assetIdSchema })).output(assetDetailSchema),
    /** What the file says about itself, unread; none when it says nothing. */
    rawMetadata: procedure.input(z.object({ assetId: assetIdSchema })).output(z.object({ entries: z.array(rawMetadataEntrySchema) })),
    issues: procedure.input(z.object({ limit: z.number().int().positive().max(5000) })).output(z.array(fileIssueSchema)),
  },
  annotations: {
    /** Says something about pictures; `previous` is what undoes it. */
    set: procedure
      .input(z.object({ assetIds: z.array(assetIdSchema).min(1).max(200_000), change: annotationChangeSchema }))
      .output(z.object({ previous: z.array(assetAnnotationSchema) })),
    restore: procedure.input(z.object({ annotations: z.array(assetAnnotationSchema) })).output(z.object({})),
    /** All tags with how many pictures have them, by name. */
    tags: procedure.input(nothing).output(z.array(z.object({ tag: z.string(), count: z.number().int().positive() }))),
  },
  jobs: {
    list: procedure.input(nothing).output(z.array(jobSchema)),
    /** Snapshots of jobs as they change, at most 10 a second each. */
    events: procedure.input(nothing).output(eventIterator(jobSchema)),
    pause: procedure.input(z.object({ jobId: jobIdSchema })).output(jobSchema),
    resume: procedure.input(z.object({ jobId: jobIdSchema })).output(jobSchema),
    cancel: procedure.input(z.object({ jobId: jobIdSchema })).output(jobSchema),
  },
  metrics: {
    list: procedure.input(nothing).output(z.array(metricCardSchema)),
    /** Measures the library with one more metric; needs its model. */
    measure: procedure.input(z.object({ metric: metricNameSchema })).output(z.object({ jobId: jobIdSchema })),
  },
  search: {
    run: procedure.input(searchQuerySchema).output(eventIterator(searchEventSchema)),
    randomPairs: procedure.input(z.object({ metric: metricNameSchema })).output(randomPairsSchema),
  },
  duplicates: {
    /** How far the look at the library has come; the groups come with the last event. */
    list: procedure.input(duplicateQuerySchema).output(eventIterator(duplicatesEventSchema)),
    /** Remembers that no two of these pictures are duplicates. */
    keepApart: procedure.input(keptApartSchema).output(z.object({})),
    undoKeepApart: procedure.input(keptApartSchema).output(z.object({})),
  },
  checks: {
    /** Candidates against references; how far it has come, and every score with the last event. What becomes of them is splitCheck's to say. */
    run: procedure.input(checkQuerySchema).output(eventIterator(checkEventSchema)),
    /** Every picture with every other, measured where that is missing; how far it has come, and the matrix with the last event. */
    matrix: procedure.input(matrixQuerySchema).output(eventIterator(matrixEventSchema)),
    /** The same written down, as a file to be offered. */
    report: procedure.input(reportRequestSchema).output(reportFileSchema),
    /** The files of a split. Nothing is ever overwritten. */
    files: {
      /** What an order would do, file by file. */
      plan: procedure.input(fileOrderSchema).output(filePlanSchema),
      /** Does it; `act` is null where there was nothing to do. */
      carryOut: procedure.input(fileOrderSchema).output(z.object({ plan: filePlanSchema, act: fileActSchema.nullable() })),
      /** Takes back an act, the last one with null. */
      undo: procedure.input(z.object({ actId: fileActIdSchema.nullable() })).output(fileUndoSchema),
    },
    /** Sets of references that are kept under a name. */
    boards: {
      list: procedure.input(nothing).output(z.array(referenceBoardSchema)),
      save: procedure.input(boardToKeepSchema).output(referenceBoardSchema),
      remove: procedure.input(z.object({ id: boardIdSchema })).output(z.object({})),
    },
    /** What each family of metrics says of candidates; how far it has come, and the report with the last event. */
    votes: procedure.input(votesQuerySchema).output(eventIterator(votesEventSchema)),
    /** What a person decided about candidates by hand. */
    verdicts: {
      /** What holds for a question with these references, the newest first. */
      list: procedure.input(z.object({ references: verdictReferencesSchema })).output(z.array(verdictSchema)),
      /** Decides on pictures, or takes back what was decided; `previous` is what undoes it. */
      set: procedure.input(verdictChangeSchema).output(z.object({ previous: earlierVerdictsSchema })),
      restore: procedure.input(earlierVerdictsSchema).output(z.object({})),
    },
  },
  compare: {
    pair: procedure.input(z.object({ a: assetIdSchema, b: assetIdSchema, metric: metricNameSchema })).output(pairScoreSchema),
    /** The same score, and that of what stands in front by the masks in use; null where a picture has no foreground. */
    foreground: procedure.input(z.object({ a: assetIdSchema, b: assetIdSchema, metric: metricNameSchema })).output(foregroundPairSchema),
  },
  masks: {
    /** What stands in front in a picture under a metric with tokens, and where that is known from. */
    get: procedure.input(z.object({ assetId: assetIdSchema, metric: metricNameSchema })).output(maskInUseSchema),
    /** The estimate from the picture's features, whatever mask is in use. */
    estimate: procedure.input(z.object({ assetId: assetIdSchema, metric: metricNameSchema })).output(maskInUseSchema),
    /** Keeps a mask that a person gave; `previous` is what undoes it. */
    set: procedure.input(z.object({ assetId: assetIdSchema, mask: maskSchema })).output(z.object({ previous: maskSchema.nullable() })),
    /** Drops the mask that a person gave. */
    remove: procedure.input(z.object({ assetId: assetIdSchema })).output(z.object({ previous: maskSchema.nullable() })),
  },
  benchmarks: {
    /** Sets of human judgements with their last result, and the layouts that folders may have. */
    list: procedure.input(nothing).output(z.object({ sets: z.array(benchmarkSetSchema), layouts: z.array(benchmarkLayoutSchema) })),
    /** What a folder holds; a null layout is guessed. */
    look: procedure.input(z.object({ path: z.string(), layout: z.string().nullable() })).output(benchmarkLookSchema),
    add: procedure.input(z.object({ path: z.string(), layout: z.string() })).output(benchmarkSetSchema),
    /** Forgets a set and its scores; its folder stays as it is. */
    remove: procedure.input(z.object({ setId: benchmarkIdSchema })).output(z.object({})),
    /** Judges a set with these metrics, or with those that measure the library. */
    run: procedure
      .input(z.object({ setId: benchmarkIdSchema, metrics: z.array(metricNameSchema).min(1).nullable() }))
      .output(z.object({ jobId: jobIdSchema })),
    /** What the last run found, or has found so far; null where there was none. */
    result: procedure.input(z.object({ setId: benchmarkIdSchema })).output(benchmarkResultSchema.nullable()),
    triplets: procedure
      .input(
        z.object({
          setId: benchmarkIdSchema,
          filter: tripletFilterSchema,
          offset: z.number().int().nonnegative(),
          limit: z.number().int().positive().max(500),
        }),
      )
      .output(tripletPageSchema),
    /** The triplets with every decision as CSV. */
    table: procedure.input(z.object({ setId: benchmarkIdSchema })).output(z.object({ csv: z.string() })),
    /** Triplets of the library for its owner to judge. */
    judgements: {
      next: procedure.input(nothing).output(dealtTripletSchema.nullable()),
      say: procedure.input(ownJudgementSchema).output(z.object({})),
      undo: procedure.input(nothing).output(z.object({})),
    },
  },
  cache: {
    /** The kept attention features: room, form and how well it was measured to do, by recipe. */
    status: procedure.input(nothing).output(cacheStatusSchema),
    /** In which form features of a recipe are kept from now on. */
    chooseForm: procedure.input(z.object({ recipeId: recipeIdSchema, choice: formChoiceSchema })).output(cachedRecipeSchema),
    /** Changes the room and drops at once what no longer fits. */
    setBudget: procedure.input(z.object({ bytes: z.number().nonnegative() })).output(droppedFeaturesSchema),
    /** Drops the features of one recipe, or all; they are measured again when they are asked for. */
    clear: procedure.input(z.object({ recipeId: recipeIdSchema.nullable() })).output(droppedFeaturesSchema),
  },
  models: {
    list: procedure.input(nothing).output(z.array(modelCardSchema)),
    /** Looks through the usual places (and the given folders) for checkpoints; finds are added. */
    scan: procedure
      .input(z.object({ folders: z.array(z.string()) }))
      .output(z.object({ models: z.array(modelCardSchema), places: z.number().int(), milliseconds: z.number() })),
    add: procedure.input(z.object({ path: z.string() })).output(modelCardSchema),
    remove: procedure.input(z.object({ name: z.string() })).output(z.object({})),
    /** Float32 copies of large weights, which spare the processor's memory. */
    weightCache: {
      status: procedure.input(nothing).output(weightCacheSchema),
      /** Removes all copies; they are made again when they are needed. */
      clear: procedure.input(nothing).output(weightCacheSchema),
      setBudget: procedure.input(z.object({ bytes: z.number().nonnegative() })).output(weightCacheSchema),
    },
  },
  devices: {
    list: procedure.input(nothing).output(z.array(deviceEntrySchema)),
    /** Uses a device from now on; one that was never tested is tested first, and refused when its scores are wrong. */
    choose: procedure.input(z.object({ device: deviceIdSchema })).output(deviceSchema),
    /** Tests a device now and remembers the result. */
    selfTest: procedure.input(z.object({ device: deviceIdSchema })).output(deviceSelfTestSchema),
  },
};
export type EngineContract = typeof engineContract;
