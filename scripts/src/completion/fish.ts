import { key, pathPatterns, valuePatterns } from './position';
import { quotedForFish } from './quote';
import type { CompletedCommand, CompletedOption } from './tree';

/** Returns a script for fish, to evaluate, or to save as `~/.config/fish/completions/ollama-eks.fish`. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  return `# Completion of ollama-eks for fish. In ~/.config/fish/config.fish: ollama-eks completion fish | source
function __ollama_eks_at
    set -l at ''
    set -l skips 0
    for word in (commandline -opc)
        if test $skips -eq 1
            set skips 0
            continue
        end
        switch "$at:$word"
            case ${valuePatterns(commands).map(quotedPattern).join(' ')}
                set skips 1
            case '*:-*'
            case '*'
                switch "$at $word"
                    case ${pathPatterns(commands).join(' ')}
                        set at "$at $word"
                end
        end
    end
    test "$at" = "$argv[1]"
end
complete -c ollama-eks -e
${commands.flatMap(completions).join('\n')}
`;
}

function quotedPattern(pattern: string): string {
  return `'${pattern.replaceAll("'", '')}'`;
}

function completions(command: CompletedCommand): readonly string[] {
  const start = `complete -c ollama-eks -n ${quotedForFish(`__ollama_eks_at ${quotedForFish(key(command))}`)}`;
  const { subcommands, choices, options } = command;
  return [
    ...subcommands.map(({ word, summary }) => `${start} -f -a ${word} -d ${quotedForFish(summary)}`),
    ...(choices.length === 0 ? [] : [`${start} -f -a ${quotedForFish(choices.join(' '))}`]),
    ...options.map((option) => `${start} ${optionOf(option)} -d ${quotedForFish(option.summary)}`),
  ];
}

function optionOf({ names, takesValue, choices }: CompletedOption): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value = choices.length > 0 ? ` -x -a ${quotedForFish(choices.join(' '))}` : takesValue ? ' -r' : '';
  return flags.join(' ') + value;
}
