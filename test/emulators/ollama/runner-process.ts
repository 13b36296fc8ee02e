import { writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Connections of the processes of all models, written to a file in the form of `/proc/net/tcp`. */
export class SocketTable {
  private readonly rows = new Set<string>();

  /** @param file undefined if nothing reads it */
  public constructor(private file: string | undefined) {
    this.write();
  }

  /** Adds a row; returns a function that removes it. */
  public add(row: string): () => void {
    this.rows.add(row);
    this.write();
    return () => {
      this.rows.delete(row);
      this.write();
    };
  }

  /** Leaves the file to others. */
  public close(): void {
    this.file = undefined;
  }

  private write(): void {
    if (this.file === undefined) return;
    const lines = [...this.rows].map((row, index) => `   ${String(index)}: ${row} 00000000:00000000\n`);
    writeFileSync(this.file, `  sl  local_address rem_address   st\n${lines.join('')}`);
  }
}

/**
 * The process of a model, llama-server: its main loop answers `/slots` on a port of 127.0.0.1, unless it loads the model or hangs.
 * @see https://github.com/ggml-org/llama.cpp/blob/master/tools/server/server-context.cpp (get_slots)
 */
export class RunnerProcess {
  private static clients = 40_000;
  private readonly held: ServerResponse[] = [];
  private readonly closed: (() => void)[] = [];
  private hangs = false;
  private loads = true;
  private requests = 0;
  /** Address in the table. */
  private readonly address: string;

  private constructor(
    private readonly server: Server,
    private readonly table: SocketTable,
  ) {
    this.address = `0100007F:${hex((server.address() as AddressInfo).port)}`;
    this.closed.push(table.add(`${this.address} 00000000:0000 0A`));
  }

  public static async start(table: SocketTable): Promise<RunnerProcess> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const started = new RunnerProcess(server, table);
    server.on('request', (_, response: ServerResponse) => {
      if (started.hangs) started.held.push(response);
      else if (started.loads) response.writeHead(503).end('{"error":{"message":"Loading model","code":503}}');
      else response.end('[]\n');
    });
    return started;
  }

  /** Answers requests from now on, since its model is loaded. */
  public loaded(): void {
    this.loads = false;
  }

  /** Whether requests to the model never end. */
  public get isHung(): boolean {
    return this.hangs;
  }

  /** Whether a request to its main loop waits for an answer. */
  public get isAsked(): boolean {
    return this.held.length > 0;
  }

  /** Stops to work, as an error of a GPU may leave it, while connections are still accepted. */
  public hang(): void {
    this.hangs = true;
  }

  /** Whether requests use the model. */
  public get isUsed(): boolean {
    return this.requests > 0;
  }

  /** Keeps the model loaded for a request, until its connection is closed. */
  public reserve(): this {
    this.requests += 1;
    return this;
  }

  /** Records the connection of a request for which the model is kept; returns a function that closes it. */
  public connect(): () => void {
    RunnerProcess.clients += 1;
    const close = this.table.add(`${this.address} 0100007F:${hex(RunnerProcess.clients)} 01`);
    let isOpen = true;
    return () => {
      if (isOpen) this.requests -= 1;
      isOpen = false;
      close();
    };
  }

  public stop(): void {
    this.closed.forEach((close) => close());
    this.held.forEach((response) => response.destroy());
    this.server.close();
    this.server.closeAllConnections();
  }
}

function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}
