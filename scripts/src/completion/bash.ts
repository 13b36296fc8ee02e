import { key, optionsWithChoices, pathPatterns, valuePatterns } from './position';
import { quoted } from './quote';
import type { CompletedCommand } from './tree';

/**
 * Returns a script for bash, from version 3.2 on, which macOS has. It starts no process, so that a Tab is answered at once. Where nothing is
 * known, bash completes names of files.
 */
export function bashScript(commands: readonly CompletedCommand[]): string {
  return `# Completion of ollama-eks for bash. In ~/.bashrc: eval "$(ollama-eks completion bash)"
_ollama_eks() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local at='' words='' options='' word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    case "$at:$word" in
      ${valuePatterns(commands).join('|')}) i=$((i + 1)); continue ;;
      *:-*) continue ;;
    esac
    case "$at $word" in
      ${pathPatterns(commands).join('|')}) at="$at $word" ;;
    esac
  done
  case "$at:$previous" in
${commands.flatMap(choiceCases).join('\n')}
  esac
  if [[ -n $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    return
  fi
  case "$at:$previous" in
    ${valuePatterns(commands).join('|')}) return ;;
  esac
  case "$at" in
${commands.map(commandCase).join('\n')}
  esac
  case "$current" in
    -*) words="$options" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _ollama_eks ollama-eks
`;
}

function choiceCases(command: CompletedCommand): readonly string[] {
  return optionsWithChoices(command).map(({ names, choices }) => {
    const patterns = names.map((name) => quoted(`${key(command)}:${name}`));
    return `    ${patterns.join('|')}) words=${quoted(choices.join(' '))} ;;`;
  });
}

function commandCase(command: CompletedCommand): string {
  const { subcommands, choices, options } = command;
  const words = [...subcommands.map(({ word }) => word), ...choices].join(' ');
  const names = options.flatMap((option) => option.names).join(' ');
  return `    ${quoted(key(command))}) words=${quoted(words)} options=${quoted(names)} ;;`;
}
