/** @file The command tree and the one place where anything thrown becomes a sentence and an exit code. */
import { Command, CommanderError } from "commander";
import { type AppError, appError, toAppError } from "#shared/domain/app-error";
import { programVersion } from "../../engine/version";
import { createCommandContext, type Run, stopped, type Surroundings } from "./command-context";
import { addBenchCommand } from "./commands/bench";
import { addCacheCommands } from "./commands/cache";
import { addCheckCommand } from "./commands/check";
import { addCompareCommand } from "./commands/compare";
import { addDemoCommand } from "./commands/demo";
import { addDoctorCommand } from "./commands/doctor";
import { addDuplicatesCommands } from "./commands/duplicates";
import { addExportCommands } from "./commands/export";
import { addFeaturesCommand } from "./commands/features";
import { addFindCommand } from "./commands/find";
import { addHeatmapCommand } from "./commands/heatmap";
import { addIndexCommands } from "./commands/index-library";
import { addInfoCommand } from "./commands/info";
import { addListCommand } from "./commands/list";
import { addMapsCommand } from "./commands/maps";
import { addMaskCommand } from "./commands/mask";
import { addMatrixCommand } from "./commands/matrix";
import { addModelsCommands } from "./commands/models";
import { addServeCommand } from "./commands/serve";
import { addTagCommand } from "./commands/tag";
import { addTuneCommand } from "./commands/tune";
import { addVerdictsCommands } from "./commands/verdicts";
import { addVotesCommand } from "./commands/votes";
import { addCommonOptions } from "./common-options";
import { tellError } from "./output/output";

/** Ended by Ctrl-C, as shells count it. */
const stoppedExitCode = 130;

/** Runs the command line and returns the exit code. `argv` is without node and script. */
export async function runProgram(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  let exitCode = 0;
  const program = createProgram(surroundings, async (command, body) => {
    exitCode = (await body(createCommandContext(command, surroundings))) ?? 0;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError && error.code === "commander.help" && program.args.length === 0) {
      surroundings.streams.out.write(program.helpInformation());
      return 0;
    }
    const isStopped = surroundings.signal.aborted;
    const known = isStopped ? stopped() : error instanceof CommanderError ? usageError(error, program) : toAppError(error);
    const has = (...flags: readonly string[]): boolean => flags.some((flag) => argv.includes(flag));
    const told = tellError(known, { isJson: has("--json", "--jsonl"), isVerbose: has("--verbose") }, surroundings.streams);
    return isStopped ? stoppedExitCode : told;
  }
}

function createProgram({ streams }: Surroundings, run: Run): Command {
  const program = new Command("semblance")
    .description("Finds, compares and measures pictures by style and subject, on this machine.")
    .version(programVersion)
    .showHelpAfterError(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => void streams.out.write(text), writeErr: () => undefined })
    .exitOverride();
  addCommonOptions(program);
  for (const add of [
    addCompareCommand,
    addFeaturesCommand,
    addIndexCommands,
    addFindCommand,
    addCheckCommand,
    addDuplicatesCommands,
    addListCommand,
    addTagCommand,
    addExportCommands,
    addInfoCommand,
    addHeatmapCommand,
    addMapsCommand,
    addMatrixCommand,
    addMaskCommand,
    addBenchCommand,
    addTuneCommand,
    addVotesCommand,
    addVerdictsCommands,
    addModelsCommands,
    addCacheCommands,
    addServeCommand,
    addDoctorCommand,
    addDemoCommand,
  ]) {
    add(program, run);
  }
  for (const command of allCommands(program))
    command.exitOverride().configureOutput({ writeOut: (text) => void streams.out.write(text), writeErr: () => undefined });
  return program;
}

function allCommands(command: Command): readonly Command[] {
  return command.commands.flatMap((child) => [child, ...allCommands(child)]);
}

/** The command a person meant, as they typed it: `index run`, or nothing where none was recognised. */
function calledCommand(program: Command): readonly string[] {
  const names: string[] = [];
  let command: Command | undefined = program;
  for (const name of program.args) {
    command = command.commands.find((child) => child.name() === name);
    if (command === undefined) break;
    names.push(name);
  }
  return names;
}

/** Commander's complaint as a sentence. */
function usageError(error: CommanderError, program: Command): AppError {
  const [first = "", second = ""] = error.message.replace(/^error: /, "").split("\n");
  const called = calledCommand(program);
  const help = ["semblance", ...called, "--help"].join(" ");
  const isCommandMissing = error.code === "commander.help";
  const sentence = isCommandMissing ? `\`semblance ${called.join(" ")}\` needs the name of what to do` : first;
  const hint = `\`${help}\` ${called.length === 0 || isCommandMissing ? "lists the commands" : "shows how it is used"}.`;
  const guess = /^\((.+)\)$/.exec(second)?.[1];
  return appError("usage/invalid", asSentence(sentence), { hint: guess === undefined ? hint : `${guess} ${hint}` });
}

function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? "" : "."}`;
}
