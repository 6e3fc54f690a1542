/** @file The command tree and the one place where anything thrown becomes a sentence and an exit code. */
import { Command, CommanderError } from "commander";
import { type AppError, appError, toAppError } from "#shared/domain/app-error";
import { programVersion } from "../../engine/version";
import { createCommandContext, type Run, stopped, type Surroundings } from "./command-context";
import { addCompareCommand } from "./commands/compare";
import { addDemoCommand } from "./commands/demo";
import { addDoctorCommand } from "./commands/doctor";
import { addFeaturesCommand } from "./commands/features";
import { addFindCommand } from "./commands/find";
import { addHeatmapCommand } from "./commands/heatmap";
import { addIndexCommands } from "./commands/index-library";
import { addModelsCommands } from "./commands/models";
import { addServeCommand } from "./commands/serve";
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
    const isStopped = surroundings.signal.aborted;
    const known = isStopped ? stopped() : error instanceof CommanderError ? usageError(error) : toAppError(error);
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
    addHeatmapCommand,
    addModelsCommands,
    addServeCommand,
    addDoctorCommand,
    addDemoCommand,
  ]) {
    add(program, run);
  }
  program.action(() => program.help());
  for (const command of allCommands(program))
    command.exitOverride().configureOutput({ writeOut: (text) => void streams.out.write(text), writeErr: () => undefined });
  return program;
}

function allCommands(command: Command): readonly Command[] {
  return command.commands.flatMap((child) => [child, ...allCommands(child)]);
}

/** Commander's complaint as a sentence. */
function usageError(error: CommanderError): AppError {
  const text = error.message.replace(/^error: /, "").split("\n")[0] ?? error.message;
  const sentence = text.startsWith("(") || text === "" ? "This command needs more to go on." : text.charAt(0).toUpperCase() + text.slice(1);
  return appError("usage/invalid", /[.?!)]$/.test(sentence) ? sentence : `${sentence}.`, {
    hint: "`semblance help COMMAND` shows how it is used.",
  });
}
