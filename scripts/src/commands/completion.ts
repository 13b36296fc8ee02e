import { command, type Chapter, type CommandSpec } from '../program/command';
import { LISTED } from './listed';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/**
 * `completion`: completion for shells, generated from the declarations of all commands.
 * @param chapters returns all commands, of which this is one
 */
export function completion(chapters: () => readonly Chapter[]): CommandSpec {
  return command({
    ...LISTED.completion,
    arguments: [{ name: '<shell>', summary: 'shell', choices: SHELLS }],
    settings: [],
    examples: [
      { line: 'completion bash >> ~/.bash_completion', does: 'complete in every new bash' },
      { line: 'completion fish > ~/.config/fish/completions/ollama-eks.fish', does: 'complete in every new fish' },
    ],
    run(context, _, [shell]) {
      const { printCompletion } = require('../completion/run') as typeof import('../completion/run');
      printCompletion(context, chapters(), shell as (typeof SHELLS)[number]); // one of the choices
    },
  });
}
