import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { KEY, World } from './world';

export const URL_OF_KONG = 'https://1234567890.gateways.konggateway.com';

/** A model that is not the first one of the project. */
export const OTHER = 'llama3.1:8b-ctx32k';

/** Files of the tools, and the journal, below the home of the user. */
export const SETTINGS = '.claude/settings.json';
export const CONFIG = '.codex/config.toml';
export const OPENCODE = '.config/opencode/opencode.json';
export const QWEN = '.qwen/settings.json';
export const BLOCK = '.continue/models/ollama-eks.yaml';
export const JOURNAL = '.local/state/ollama-eks/client.json';

/** A machine with a synthesized project, the URL and the key of an endpoint, and a user's files: their paths start at the home. */
export class ClientWorld extends World {
  public constructor(url = URL_OF_KONG) {
    super();
    this.synthesized();
    this.environment = { ...this.environment, OLLAMA_EKS_URL: url, OLLAMA_EKS_API_KEY: KEY };
  }

  public inHome(path: string): string {
    return resolve(this.home, path);
  }

  public read(path: string): string {
    return readFileSync(this.inHome(path), 'utf8');
  }

  public put(path: string, text: string): void {
    mkdirSync(dirname(this.inHome(path)), { recursive: true });
    writeFileSync(this.inHome(path), text);
  }
}
