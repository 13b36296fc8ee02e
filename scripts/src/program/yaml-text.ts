import { UsageError } from './errors';

/** Loaded when it is needed, since help needs no YAML. */
const loadYaml = () => require('js-yaml') as typeof import('js-yaml');

/**
 * Parses YAML 1.2 with the merge keys of YAML 1.1 (`<<: *anchor`), which decK and Kubernetes resolve, too. Throws UsageError with the
 * reason and its line, but without the text, which may contain a key.
 * @param name name of the file in errors
 */
export function parseYaml(name: string, text: string): unknown {
  const { CORE_SCHEMA, load, mergeTag, YAMLException } = loadYaml();
  try {
    return load(text, { schema: CORE_SCHEMA.withTags(mergeTag) });
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause;
    const line = cause.mark === undefined ? '' : ` in line ${String(cause.mark.line + 1)}`;
    throw new UsageError(`${name} is not YAML: ${cause.reason}${line}`, { remedy: 'correct it' });
  }
}

/** Writes YAML without folding long lines. */
export function writeYaml(value: unknown): string {
  return loadYaml().dump(value, { lineWidth: -1 });
}
