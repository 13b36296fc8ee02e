import { CORE_SCHEMA, load, YAMLException } from 'js-yaml';
import { UsageError } from './errors';

/**
 * Parses YAML. Throws UsageError with the reason and its line, but without the text, which may contain a key.
 * @param name name of the file in errors
 */
export function parseYaml(name: string, text: string): unknown {
  try {
    return load(text, { schema: CORE_SCHEMA });
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause;
    const line = cause.mark === undefined ? '' : ` in line ${String(cause.mark.line + 1)}`;
    throw new UsageError(`${name} is not YAML: ${cause.reason}${line}`);
  }
}
