/** The tree of commands. */
import { Command } from "commander";
import { addCommonOptions, type RunCommand, setExamples } from "./command.ts";
import { addConfigureCommand } from "./commands/configure.ts";
import { addEngineCommand } from "./commands/engine.ts";
import { addExperimentCommands } from "./commands/experiments.ts";
import { addLossesCommand } from "./commands/losses.ts";
import { addJudgeCommands } from "./commands/judges.ts";
import { addPolicyCommands } from "./commands/policies.ts";
import { addPromptCommands } from "./commands/prompts.ts";
import { addResultCommands } from "./commands/results.ts";
import { addRoundCommands } from "./commands/rounds.ts";
import { addSettingCommands } from "./commands/settings.ts";
import { addTrainingCommands } from "./commands/training.ts";
import { EXIT_CODE_TABLE } from "./exit-codes.ts";

const DESCRIPTION = `Improves a language model by preferences, with Direct Nash Optimization.

An experiment is a folder. Each round samples responses, has them judged, makes
preference pairs, trains the next policy and measures it.`;

const EXAMPLES = [
  "nashlab init haiku --set oracle.kind=targetLength --set oracle.target=80",
  "cd haiku",
  "nashlab policy add ~/models/SmolLM2-135M-Instruct",
  "nashlab prompts import prompts.jsonl",
  "nashlab round",
  "nashlab results",
];

export function buildProgram(runCommand: RunCommand, version: string): Command {
  const program = new Command("nashlab")
    .description(DESCRIPTION)
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride();
  addCommonOptions(program);
  addExperimentCommands(program, runCommand);
  addPromptCommands(program, runCommand);
  addConfigureCommand(program, runCommand);
  addPolicyCommands(program, runCommand);
  addRoundCommands(program, runCommand);
  addTrainingCommands(program, runCommand);
  addResultCommands(program, runCommand);
  addLossesCommand(program, runCommand);
  addJudgeCommands(program, runCommand);
  addEngineCommand(program, runCommand);
  addSettingCommands(program, runCommand);
  setExamples(program, EXAMPLES);
  program.addHelpText("after", `\nExit codes:\n${EXIT_CODE_TABLE.map(([code, meaning]) => `  ${String(code).padEnd(4)}${meaning}`).join("\n")}`);
  return program;
}
