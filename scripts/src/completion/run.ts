import type { Chapter } from '../program/command';
import type { Context } from '../program/context';
import { print } from '../program/output';
import { bashScript } from './bash';
import { fishScript } from './fish';
import { completedCommands } from './tree';
import { zshScript } from './zsh';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** Prints a script that completes every command and option in a shell. */
export function printCompletion(context: Context, chapters: readonly Chapter[], shell: keyof typeof SCRIPTS): void {
  const script = SCRIPTS[shell](completedCommands(chapters));
  print(context, { script }, () => script.trimEnd());
}
