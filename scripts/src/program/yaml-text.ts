import { CORE_SCHEMA, load, mergeTag, YAMLException } from 'js-yaml';
import { UsageError } from './errors';

/** YAML 1.2 with the merge keys of YAML 1.1 (`<<: *anchor`), which decK and Kubernetes resolve, too. */
const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

/**
 * Parses YAML. Throws UsageError with the reason and its line, but without the text, which may contain a key.
 * @param name name of the file in errors
 */
export function parseYaml(name: string, text: string): unknown {
  try {
    return load(text, { schema: SCHEMA });
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause;
    const line = cause.mark === undefined ? '' : ` in line ${String(cause.mark.line + 1)}`;
    throw new UsageError(`${name} is not YAML: ${cause.reason}${line}`);
  }
}
