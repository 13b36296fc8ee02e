/**
 * Writes the scripts inside other files to a folder, so that tools/shellcheck and tools/lua can check them:
 * `node embedded-scripts.js LANGUAGE FOLDER`.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { APPLICATION_HEALTH_CHECK, CRD_HEALTH_CHECK } from '@org/ollama-eks';
import { parseAllDocuments } from 'yaml';
import { command } from './command';
import { REPOSITORY } from './examples';

/** Languages, by the program that runs a script: sh or bash, the LuaJIT of Kong, the Lua 5.1 of Argo CD. */
const LANGUAGES = ['shell', 'luajit', 'lua5.1'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A script inside another file. */
export interface EmbeddedScript {
  readonly language: Language;
  /** Path of the file, and of the script inside it: `argocd/…/configmap.yaml/data/server.sh`. */
  readonly path: string;
  readonly text: string;
}

const WORKFLOWS = '.github/workflows';
const FOLDERS = ['argocd', 'deck', WORKFLOWS];
const SHEBANG = /^#!\/(usr\/bin\/env bash|bin\/sh)\n/;
/** An expression that GitHub replaces before the shell starts. */
const EXPRESSION = /\$\{\{.*?\}\}/g;
/** An expression of Helm; its group is the text that it prints, if it prints a constant. */
const HELM_EXPRESSION = /\{\{ "(\{\{)" \}\}|\{\{.*?\}\}/g;
/** Kong's plugins whose configuration is Lua. @see https://developer.konghq.com/plugins/pre-function/ */
const KONG_FUNCTIONS: readonly unknown[] = ['pre-function', 'post-function'];

/** Returns the scripts of a YAML file: strings with a shebang, steps of a workflow, functions of Kong. */
export function scriptsIn(path: string, yaml: string): readonly EmbeddedScript[] {
  return parseAllDocuments(yaml).flatMap((document) => scriptsInValue(path, document.toJS()));
}

/** Returns the scripts of all committed files, without duplicates. */
export function embeddedScripts(): readonly EmbeddedScript[] {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(REPOSITORY, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.ya?ml$/.test(file))
      .sort()
      .map((file) => join(folder, file)),
  );
  const scripts: readonly EmbeddedScript[] = [
    { language: 'lua5.1', path: 'APPLICATION_HEALTH_CHECK', text: APPLICATION_HEALTH_CHECK },
    { language: 'lua5.1', path: 'CRD_HEALTH_CHECK', text: CRD_HEALTH_CHECK },
    ...files.flatMap((path) => {
      const text = readFileSync(join(REPOSITORY, path), 'utf8');
      return scriptsIn(path, path.includes('/templates/') ? filledIn(text) : text);
    }),
  ];
  return [...new Map(scripts.map((script) => [script.text, script])).values()];
}

/** Returns the YAML of a chart's template: braces as they are, and a word for each value that Helm fills in. */
function filledIn(template: string): string {
  return template.replace(HELM_EXPRESSION, (_, text?: string) => text ?? 'VALUE');
}

function scriptsInValue(path: string, value: unknown): readonly EmbeddedScript[] {
  if (typeof value === 'string') {
    return SHEBANG.test(value) ? [{ language: 'shell', path, text: value }] : [];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  if ('name' in value && KONG_FUNCTIONS.includes(value.name) && 'config' in value) {
    return strings(join(path, 'config'), value.config).map((part) => ({ ...part, language: 'luajit' }));
  }
  return Object.entries(value).flatMap(([key, part]: [string, unknown]) =>
    path.startsWith(WORKFLOWS) && key === 'run' && typeof part === 'string'
      ? [
          {
            language: 'shell',
            path: join(path, key),
            text: `#!/usr/bin/env bash\n${part.replace(EXPRESSION, 'EXPRESSION')}`,
          },
        ]
      : scriptsInValue(join(path, key), part),
  );
}

/** Returns all strings in a value. */
function strings(path: string, value: unknown): readonly { readonly path: string; readonly text: string }[] {
  if (typeof value === 'string') {
    return [{ path, text: value }];
  }
  return Object.entries(value ?? {}).flatMap(([key, part]) => strings(join(path, key), part));
}

interface Request {
  readonly language: Language;
  readonly folder: string;
}

function parse([name, folder]: string[]): Request {
  const language = LANGUAGES.find((known) => known === name);
  if (language === undefined || folder === undefined) {
    throw new Error(`usage: node embedded-scripts.js ${LANGUAGES.join('|')} FOLDER`);
  }
  return { language, folder };
}

function run({ language, folder }: Request): Promise<number> {
  for (const { path, text } of embeddedScripts().filter((script) => script.language === language)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return Promise.resolve(0);
}

if (require.main === module) {
  command(parse, run);
}
