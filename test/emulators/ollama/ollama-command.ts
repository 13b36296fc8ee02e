// https://github.com/ollama/ollama/blob/v0.32.15/cmd/cmd.go
import { readFileSync } from 'node:fs';

/** Output and exit code of a command. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

interface RunningModel {
  readonly name: string;
  readonly digest: string;
  readonly size: number;
  readonly size_vram: number;
  readonly context_length: number;
}

/** One run of the `ollama` command against the server at `url`, until it is killed. */
export class OllamaCommand {
  public constructor(
    private readonly url: string,
    private readonly killed: AbortSignal,
  ) {}

  /** Runs a command. */
  public async run(args: readonly string[]): Promise<CommandResult> {
    try {
      return { stdout: await this.command(args), stderr: '', code: 0 };
    } catch (error) {
      const { message } = error as Error;
      const reason =
        message === 'fetch failed' ? 'could not connect to ollama server, run `ollama serve` to start it' : message;
      return { stdout: '', stderr: `\u001b[?25lpulling ⠋ \u001b[K\u001b[?25h\rError: ${reason}\n`, code: 1 };
    }
  }

  private async command([name = '', ...args]: readonly string[]): Promise<string> {
    switch (name) {
      case 'serve':
        return 'serving\n';
      case '--version':
        return this.version();
      case 'pull':
        await this.stream('/api/pull', { model: args[0] });
        return '';
      case 'create':
        return this.create(args);
      case 'run':
        return this.prompt(args);
      case 'ps':
        return this.processes();
      default:
        throw new Error(`unknown command "${name}" for "ollama"`);
    }
  }

  private async version(): Promise<string> {
    const version = await fetch(`${this.url}/api/version`, { signal: this.killed })
      .then(async (response) => ((await response.json()) as { version: string }).version)
      .catch(() => undefined);
    return version === undefined
      ? 'Warning: could not connect to a running Ollama instance\nWarning: client version is 0.32.15\n'
      : `ollama version is ${version}\n`;
  }

  private async create([model, , file = '']: readonly string[]): Promise<string> {
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    const from = lines.find(([key]) => key === 'FROM')?.[1];
    const parameters = lines.filter(([key]) => key === 'PARAMETER').map(([, key = '', value]) => [key, Number(value)]);
    await this.stream('/api/create', { model, from, parameters: Object.fromEntries(parameters) as object });
    return '';
  }

  private async prompt([model, ...words]: readonly string[]): Promise<string> {
    const shown = await fetch(`${this.url}/api/show`, {
      method: 'POST',
      body: JSON.stringify({ model }),
      signal: this.killed,
    });
    const { capabilities = [] } = (await shown.json()) as { capabilities?: readonly string[] };
    if (shown.status === 404) await this.stream('/api/pull', { model });
    if (capabilities.includes('embedding')) {
      const [answer] = await this.stream('/api/embed', { model, input: words.join(' ') });
      return `${JSON.stringify(answer?.['embeddings'])}\n`;
    }
    const parts = await this.stream('/api/generate', { model, prompt: words.join(' ') });
    return `${parts.map((part) => String(part['response'])).join('')}\n\n`;
  }

  private async processes(): Promise<string> {
    const { models } = (await (await fetch(`${this.url}/api/ps`, { signal: this.killed })).json()) as {
      models: readonly RunningModel[];
    };
    const rows = models.map((model) => [
      model.name,
      model.digest.slice(0, 12),
      `${String(Math.round(model.size / 1e9))} GB`,
      processor(model),
      String(model.context_length),
      'Forever',
    ]);
    return table([['NAME', 'ID', 'SIZE', 'PROCESSOR', 'CONTEXT', 'UNTIL'], ...rows]);
  }

  /** Throws for an error status, an error in the stream, and a stream that is cut, as `api.Client.stream` does. */
  private async stream(path: string, body: object): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const response = await fetch(`${this.url}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: this.killed,
    });
    const content = await response.text().catch((error: unknown) => {
      throw new Error(`unexpected EOF (${(error as Error).message})`);
    });
    const lines = content
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    const failed = lines.find((line) => line['error'] !== undefined);
    const status = response.ok ? '' : `${String(response.status)} ${response.statusText}: `;
    if (failed !== undefined) throw new Error(`${status}${String(failed['error'])}`);
    return lines;
  }
}

function processor({ size, size_vram: vram }: RunningModel): string {
  if (vram === 0) return '100% CPU';
  if (vram === size) return '100% GPU';
  const cpu = Math.round(((size - vram) / size) * 100);
  return `${String(cpu)}%/${String(100 - cpu)}% CPU/GPU`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('    ');
  return rows.map((row) => `${line(row)}\n`).join('');
}
