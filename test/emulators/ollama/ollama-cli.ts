// https://github.com/ollama/ollama/blob/v0.32.15/cmd/cmd.go
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { OllamaCommand } from './ollama-command';

/**
 * The `ollama` command for scripts: an executable that behaves like the real one, using the API of the emulated server. It
 * only passes its arguments to this process, so that it starts as fast as the real one.
 */
export class OllamaCli {
  private server?: Server;

  /** @param url address that `OLLAMA_HOST` would set */
  public constructor(private readonly url: () => string) {}

  /** Writes the executable into a folder, which must come first on `PATH`. */
  public async install(directory: string): Promise<this> {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const args = Buffer.concat(chunks).toString('utf8').split('\0').slice(0, -1);
        const killed = new AbortController();
        response.on('close', () => killed.abort());
        const command = new OllamaCommand(this.url(), killed.signal);
        void command
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
    return this;
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
