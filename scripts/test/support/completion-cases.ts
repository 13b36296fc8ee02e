import type { CompletedCommand } from '../../src/completion/tree';

/** The words of a command line, of which the last one is being typed, and what may become of it. */
export interface CompletionCase {
  readonly words: readonly string[];
  readonly expected: readonly string[];
}

/** Returns what each command completes: its next words, its options, the values of each option, and its words after an option. */
export function completionCases(commands: readonly CompletedCommand[]): readonly CompletionCase[] {
  return commands.flatMap(({ path, subcommands, choices, options }): readonly CompletionCase[] => {
    const at = ['ollama-eks', ...path.split(' ').filter(Boolean)];
    const next = [...subcommands.map(({ word }) => word), ...choices];
    return [
      { words: [...at, ''], expected: next },
      { words: [...at, '-'], expected: options.flatMap(({ names }) => names) },
      { words: ['ollama-eks', '--project', 'client', '--json', ...at.slice(1), ''], expected: next },
      // a switch is followed by the next word, although an option of the same name takes a value elsewhere
      ...options
        .filter(({ takesValue }) => !takesValue)
        .flatMap(({ names }) => names.map((name) => ({ words: [...at, name, ''], expected: next }))),
      ...options
        .filter(({ takesValue }) => takesValue)
        .flatMap(({ names, choices: values }) => names.map((name) => ({ words: [...at, name, ''], expected: values }))),
    ];
  });
}

/** Returns what bash runs for a case: it prints each completion, and then the end. */
export function bashCase(words: readonly string[], end: string): string {
  const list = words.map((word) => `'${word}'`).join(' ');
  return `COMP_WORDS=(${list}); COMP_CWORD=${String(words.length - 1)}; _ollama_eks; printf '%s\\n' "\${COMPREPLY[@]}" '${end}'`;
}
