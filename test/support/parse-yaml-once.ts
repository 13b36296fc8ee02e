import { parse } from 'yaml';
import { sharedByTestFiles } from './shared-by-test-files';

/** Parses YAML whose values JSON can hold, once per worker for each text. Each call returns a value of its own. */
export function parseYamlOnce(text: string): unknown {
  const parsed = sharedByTestFiles('parsed YAML', () => new Map<string, string>());
  const known = parsed.get(text);
  if (known !== undefined) return JSON.parse(known) as unknown;
  const value: unknown = parse(text);
  parsed.set(text, JSON.stringify(value));
  return value;
}
