// https://github.com/ollama/ollama/blob/v0.32.15/cmd/cmd.go
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { type CommandResult, OllamaCommand } from './ollama-command';

/** What each executable sends, by name: its name, the number of arguments, and the arguments, each followed by a null character. */
const CALLS = {
  ollama: `printf '%s\\0' ollama "$#" "$@"`,
  openssl: `IFS= read -r -d '' request; printf '%s\\0' openssl 1 "$request"`,
};

/**
 * The `ollama` command for scripts: an executable that behaves like the real one, using the API of the emulated server. It
 * only passes its arguments to this process, so that it starts as fast as the real one. An
 * `openssl` next to it connects only to the emulated registry.
 */
export class OllamaCli {
  private readonly connections = new Set<Socket>();
  private server?: Server;

  /**
   * @param url what `OLLAMA_HOST` would name
   * @param published manifest of a tag in the registry
   */
  public constructor(
    private readonly url: () => string,
    private readonly published: (repository: string, tag: string) => string | undefined = () => undefined,
  ) {}

  /** Writes the executables into a folder, which must come first on `PATH`. */
  public async install(directory: string): Promise<this> {
    this.server = createServer((connection) => this.connect(connection));
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as AddressInfo;
    mkdirSync(directory, { recursive: true });
    for (const [name, call] of Object.entries(CALLS)) {
      const file = join(directory, name);
      writeFileSync(file, executable(port, call));
      chmodSync(file, 0o755);
    }
    return this;
  }

  public async uninstall(): Promise<void> {
    const { server } = this;
    this.connections.forEach((connection) => connection.destroy());
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  }

  private connect(connection: Socket): void {
    const killed = new AbortController();
    let input = '';
    this.connections.add(connection);
    connection
      .setEncoding('utf8')
      .on('data', (text: string) => {
        input += text;
        const [name = '', count, ...args] = input.split('\0');
        if (count === undefined || args.length <= Number(count)) return;
        void this.run(name, args.slice(0, -1), killed.signal).then(({ stdout, stderr, code }) =>
          connection.end([stdout, stderr, code, ''].join('\0')),
        );
      })
      // The executable was killed.
      .on('error', () => connection.destroy())
      .on('close', () => {
        this.connections.delete(connection);
        killed.abort();
      });
  }

  private async run(name: string, args: readonly string[], killed: AbortSignal): Promise<CommandResult> {
    if (name === 'ollama') return new OllamaCommand(this.url(), killed).run(args);
    return { stdout: this.fromRegistry(args[0] ?? ''), stderr: '', code: 0 };
  }

  private fromRegistry(request: string): string {
    const [, repository = '', tag = ''] = /^GET \/v2\/(\S+)\/manifests\/(\S+) HTTP/.exec(request) ?? [];
    const manifest = this.published(repository, tag);
    return manifest === undefined
      ? 'HTTP/1.1 404 Not Found\r\n\r\n{}'
      : `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n${manifest}`;
  }
}

/** Returns a script that sends the words of a call to a port, and does what is answered. It starts no other process. */
function executable(port: number, call: string): string {
  return `#!/usr/bin/env bash
exec 3<>/dev/tcp/127.0.0.1/${String(port)} || exit
${call} >&3
IFS= read -r -d '' -u 3 stdout
IFS= read -r -d '' -u 3 stderr
IFS= read -r -d '' -u 3 code || exit 1
printf %s "$stdout"
printf %s "$stderr" >&2
exit "$code"
`;
}
