import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './errors';
import { checkSetting, SETTINGS, type Setting, type SettingName, type SettingSource } from './settings';
import { readTextFile } from './text-file';
import { parseYaml } from './yaml-text';

/** All settings, resolved. */
export class Settings {
  private constructor(private readonly values: ReadonlyMap<SettingName, { value: string; source: SettingSource }>) {}

  /**
   * Resolves every setting. Files are parsed, never executed.
   * Throws UsageError for an unknown key in `ollama-eks.yaml` and for a value that is not allowed.
   */
  public static resolve(
    flags: Readonly<Record<string, unknown>>,
    environment: Readonly<Record<string, string | undefined>>,
    directory: string,
  ): Settings {
    const dotenv = readDotenv(join(directory, '.env'));
    const file = readSettingsFile(join(directory, 'ollama-eks.yaml'));
    const values = new Map<SettingName, { value: string; source: SettingSource }>();
    for (const [name, setting] of Object.entries(SETTINGS) as [SettingName, Setting][]) {
      const found = lookUp(setting, flags, environment, dotenv, file);
      if (found === undefined) continue;
      checkSetting(name, found.value, found.source);
      values.set(name, found);
    }
    return new Settings(values);
  }

  /** Returns the value, or undefined if the setting is not set. */
  public get(name: SettingName): string | undefined {
    return this.values.get(name)?.value;
  }

  /**
   * Returns the value. Throws UsageError with the ways to set it.
   * @param alternative description of another way
   */
  public require(name: SettingName, alternative?: string): string {
    const value = this.get(name);
    if (value === undefined) {
      const ways = [howToSet(SETTINGS[name]), alternative].filter(Boolean).join('; ');
      throw new UsageError(`${SETTINGS[name].description} is not set`, { remedy: ways });
    }
    return value;
  }

  /** Returns every secret that is set, with its environment variable. */
  public secrets(): readonly (readonly [string, string])[] {
    return [...this.values].flatMap(([name, { value }]) => {
      const { env, secret }: Setting = SETTINGS[name];
      return secret === true ? [[env, value] as const] : [];
    });
  }

  /** Returns the origin of the value. */
  public source(name: SettingName): SettingSource | undefined {
    return this.values.get(name)?.source;
  }
}

function lookUp(
  setting: Setting,
  flags: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string | undefined>>,
  dotenv: Readonly<Record<string, string>>,
  file: ReadonlyMap<string, string>,
): { value: string; source: SettingSource } | undefined {
  const candidates: [unknown, SettingSource][] = [
    [setting.flag === undefined ? undefined : flags[camelCase(setting.flag)], 'flag'],
    [environment[setting.env], 'environment'],
    [setting.secret && readSecret(setting.env, environment), 'environment'],
    [dotenv[setting.env], '.env'],
    [setting.key === undefined ? undefined : file.get(setting.key), 'ollama-eks.yaml'],
    [setting.default, 'default'],
  ];
  for (const [value, source] of candidates) {
    if (typeof value === 'string' && value !== '') return { value, source };
  }
  return undefined;
}

/** Reads a secret from the file named by `NAME_FILE`, which keeps the secret out of the environment. */
function readSecret(name: string, environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const path = environment[`${name}_FILE`];
  if (path === undefined || path === '') return undefined;
  return readTextFile(path, `${name}_FILE is ${JSON.stringify(path)}, which`).trim();
}

function readDotenv(path: string): Record<string, string> {
  if (!existsSync(path)) return {};
  const { parse } = require('dotenv') as typeof import('dotenv');
  return parse(readTextFile(path));
}

function readSettingsFile(path: string): Map<string, string> {
  const flat = new Map<string, string>();
  if (!existsSync(path)) return flat;
  flatten(parseYaml(path, readTextFile(path)), '', flat);
  const known = new Set(Object.values(SETTINGS).flatMap((setting: Setting) => setting.key ?? []));
  for (const key of flat.keys()) {
    if (!known.has(key)) {
      throw new UsageError(`${path}: unknown key ${JSON.stringify(key)}`, {
        allowed: [...known].sort().join(', '),
        remedy: 'correct the key, or remove it',
      });
    }
  }
  return flat;
}

function flatten(value: unknown, prefix: string, into: Map<string, string>): void {
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) into.set(prefix, value.join(','));
  else if (typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) flatten(inner, prefix === '' ? key : `${prefix}.${key}`, into);
  } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    into.set(prefix, String(value));
  }
}

function howToSet({ flag, env, key, secret }: Setting): string {
  const ways = [
    flag && `--${flag}`,
    `the environment variable ${env}`,
    secret && `${env}_FILE (path of a file)`,
    key && `${key} in ollama-eks.yaml`,
  ];
  return `set it with ${ways.filter(Boolean).join(', ')}`;
}

function camelCase(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
