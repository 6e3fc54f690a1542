/** @file `semblance check`: whether pictures still show the same. Exit code 1 says that some do not. */
import { type Command, Option } from "commander";
import { appError } from "#shared/domain/app-error";
import { checkAreaSchema, checkCombineSchema, type CheckVerdict } from "#shared/domain/check";
import { checkDocument } from "../../../engine/report/check-document";
import type { CommandContext, Run } from "../command-context";
import { parsePath, repeatable } from "../common-options";
import { checkText } from "../output/check-text";
import { printable } from "../output/table";
import { addFileOptions, carryOutFiles, changesFiles, type FileOptions, fileOptionNames, filesText } from "./check-files";
import { addReportOptions, assertReports, type ReportOptions, reportOptionNames, writeReports } from "./check-output";
import { type CheckOptions, parseThreshold } from "./check-question";
import { runCheck } from "./check-run";
import { watchCandidates } from "./check-watch";

/** `check undo` needs neither of the paths, so commander cannot require them. */
interface CommandOptions extends Omit<CheckOptions, "references" | "candidates">, ReportOptions, FileOptions {
  readonly references?: readonly string[];
  readonly candidates?: readonly string[];
  readonly watch?: boolean;
}

/** What the answer "no" ends with. */
const rejectedExitCode = 1;

/** Adds the command to the program. */
export function addCheckCommand(program: Command, run: Run): void {
  const command = program
    .command("check")
    .description("is this still the same? Accepts, rejects or leaves undecided each candidate; exits with 1 when one is rejected")
    .option("--references <path...>", "pictures of the thing or the style itself, or folders of them", paths("--references"))
    .option("--candidates <path...>", "pictures to judge, or folders of them", paths("--candidates"))
    .option(
      "--metric <names>",
      "what to look by instead, with commas between several; each counts (repeatable)",
      repeatable((text) => text),
    ) // prettier-ignore
    .addOption(new Option("--style", "the same marks and medium").conflicts("metric"))
    .addOption(new Option("--instance", "the same thing (default); with --style both must hold").conflicts("metric"))
    .addOption(new Option("--area <area>", "the whole picture, or what stands in front").choices(checkAreaSchema.options).default("whole"))
    .addOption(
      new Option("--combine <how>", "how scores against several references become one").choices(checkCombineSchema.options).default("mean"),
    )
    .option(
      "--threshold <cut>",
      "auto, or a score to accept from, or REJECT,ACCEPT; one for each metric in turn (repeatable)",
      repeatable(parseThreshold),
    )
    .addOption(
      new Option("--watch", "judge what is there, then every picture that comes, until Ctrl-C").conflicts([
        ...reportOptionNames,
        ...fileOptionNames,
      ]),
    );
  addFileOptions(addReportOptions(command), run).action((options: CommandOptions, self: Command) =>
    run(self, (context) => check(context, options)),
  );
}

function paths(option: string): (text: string, earlier: readonly string[] | undefined) => readonly string[] {
  return repeatable(parsePath(option));
}

async function check(context: CommandContext, { watch = false, references, candidates, ...others }: CommandOptions): Promise<number> {
  const options = { ...others, references: given(references, "--references"), candidates: given(candidates, "--candidates") };
  await assertReports(options);
  return context.withEngine(
    async (engine) => {
      if (watch) return exitCodeOf(await watchCandidates(context, engine, options));
      const done = await runCheck(context, engine, options);
      const document = checkDocument(done);
      const written = await writeReports(engine, done, options);
      const files = await carryOutFiles(context, engine, done, options);
      context.output.result({
        document: files.length === 0 ? document : { ...document, files },
        rows: document.candidates,
        text: () => [checkText(done), ...files.map(filesText)].join("\n\n"),
      });
      for (const path of written) context.output.note(`Wrote ${printable(path)}`);
      return exitCodeOf(done.split.counts);
    },
    // What is done to files is written into the library, so there has to be one.
    changesFiles(options) ? {} : { isReading: true, isEmptyAllowed: true },
  );
}

function given(paths: readonly string[] | undefined, option: string): readonly string[] {
  if (paths !== undefined) return paths;
  throw appError("usage/invalid", `It is not said what is checked against what: ${option} is missing.`, {
    hint: "Give --references and --candidates, each with pictures or folders.",
  });
}

function exitCodeOf({ rejected }: Readonly<Record<CheckVerdict, number>>): number {
  return rejected > 0 ? rejectedExitCode : 0;
}
