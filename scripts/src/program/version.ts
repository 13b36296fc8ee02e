import { join } from 'node:path';
import { readJsonFile } from './text-file';

/** Version of this program. */
export const VERSION = readJsonFile<{ readonly version: string }>(join(__dirname, '../../package.json')).version;
