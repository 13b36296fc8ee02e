// https://github.com/ollama/ollama/blob/v0.32.15/cmd/cmd.go
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { OllamaCommand } from './ollama-command';

/** Path at which the emulated `openssl` asks for a manifest. */
const REGISTRY = '/registry';

/**
 * The `ollama` command for scripts: an executable that behaves like the real one, using the API of the emulated server. It
 * only passes its arguments to this process, so that it starts as fast as the real one. An
 * `openssl` next to it connects only to the emulated registry.
 */
export class OllamaCli {
  private server?: Server;

  /**
   * @param url what `OLLAMA_HOST` would name
   * @param published manifest of a tag in the registry
   */
  public constructor(
    private readonly url: () => string,
    private readonly published: (repository: string, tag: string) => string | undefined = () => undefined,
  ) {}

  /** Writes the executable into a folder, which must come first on `PATH`. */
  public async install(directory: string): Promise<this> {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const input = Buffer.concat(chunks).toString('utf8');
        if (request.url === REGISTRY) return response.end(this.fromRegistry(input));
        const args = input.split('\0').slice(0, -1);
        const killed = new AbortController();
        response.on('close', () => killed.abort());
        const command = new OllamaCommand(this.url(), killed.signal);
        return void command
          .run(args)
          .then(({ stdout, stderr, code }) =>
            response.end(`printf %s ${quote(stdout)}; printf %s ${quote(stderr)} >&2; exit ${String(code)}\n`),
          );
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as AddressInfo;
    mkdirSync(directory, { recursive: true });
    const file = join(directory, 'ollama');
    const call = `printf '%s\\0' "$@" | curl -s --data-binary @- http://127.0.0.1:${String(port)}`;
    writeFileSync(file, `#!/bin/sh\neval "$(${call})"\n`);
    chmodSync(file, 0o755);
    const openssl = join(directory, 'openssl');
    writeFileSync(openssl, `#!/bin/sh\ncurl -s --data-binary @- http://127.0.0.1:${String(port)}${REGISTRY}\n`);
    chmodSync(openssl, 0o755);
    return this;
  }

  private fromRegistry(request: string): string {
    const [, repository = '', tag = ''] = /^GET \/v2\/(\S+)\/manifests\/(\S+) HTTP/.exec(request) ?? [];
    const manifest = this.published(repository, tag);
    return manifest === undefined
      ? 'HTTP/1.1 404 Not Found\r\n\r\n{}'
      : `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n${manifest}`;
  }

  public async uninstall(): Promise<void> {
    const { server } = this;
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
