import { key, optionsWithChoices, pathPatterns, valuePatterns } from './position';
import { quoted } from './quote';
import type { CompletedCommand } from './tree';

/** Returns a script for zsh, to evaluate, or to save as `_ollama-eks` in a folder of `fpath`. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  return `#compdef ollama-eks
# Completion of ollama-eks for zsh. In ~/.zshrc, after compinit: eval "$(ollama-eks completion zsh)"
_ollama-eks() {
  local at='' previous=\${words[CURRENT-1]}
  local -a subcommands options choices
  integer i
  for (( i = 2; i < CURRENT; i++ )); do
    case "$at:\${words[i]}" in
      (${valuePatterns(commands).join('|')}) (( i++ )); continue ;;
      (*:-*) continue ;;
    esac
    case "$at \${words[i]}" in
      (${pathPatterns(commands).join('|')}) at="$at \${words[i]}" ;;
    esac
  done
  case "$at:$previous" in
${commands.flatMap(choiceCases).join('\n')}
    (${valuePatterns(commands).join('|')}) _files; return ;;
  esac
  case $at in
${commands.map(commandCase).join('\n')}
  esac
  if [[ $PREFIX == -* ]]; then
    _describe -o option options
  elif (( $#subcommands )); then
    _describe command subcommands
  elif (( $#choices )); then
    compadd -- $choices
  else
    _files
  fi
}
if [[ \${funcstack[1]} == _ollama-eks ]]; then
  _ollama-eks "$@"
else
  compdef _ollama-eks ollama-eks
fi
`;
}

function choiceCases(command: CompletedCommand): readonly string[] {
  return optionsWithChoices(command).map(({ names, choices }) => {
    const patterns = names.map((name) => quoted(`${key(command)}:${name}`));
    return `    (${patterns.join('|')}) compadd -- ${choices.map(quoted).join(' ')}; return ;;`;
  });
}

function commandCase(command: CompletedCommand): string {
  const { subcommands, choices, options } = command;
  const described = (word: string, summary: string) => quoted(`${word.replaceAll(':', '\\:')}:${summary}`);
  const lists = [
    `subcommands=(${subcommands.map(({ word, summary }) => described(word, summary)).join(' ')})`,
    `options=(${options.flatMap(({ names, summary }) => names.map((name) => described(name, summary))).join(' ')})`,
    `choices=(${choices.map(quoted).join(' ')})`,
  ];
  return `    (${quoted(key(command))}) ${lists.join(' ')} ;;`;
}
