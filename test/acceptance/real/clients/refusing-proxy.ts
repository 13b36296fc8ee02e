import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP proxy that refuses every request, and records the hosts. */
export class RefusingProxy {
  private readonly asked = new Set<string>();
  private readonly server: Server;

  public constructor() {
    this.server = createServer((request, response) => {
      this.asked.add(new URL(request.url ?? '/', 'http://unknown').hostname);
      response.writeHead(403).end();
    }).on('connect', ({ url = '' }, socket) => {
      this.asked.add(url.replace(/:\d+$/, ''));
      socket.on('error', () => undefined); // the client may disconnect first
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
  }

  public get url(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  /** Hosts that were requested so far, sorted. */
  public get hosts(): readonly string[] {
    return [...this.asked].sort();
  }

  public async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
