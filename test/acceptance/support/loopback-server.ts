import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Header with the server's port in its answers. */
export const SERVER_HEADER = 'x-server';

/** A server on loopback that can be stopped, and started again on the same port. */
export class LoopbackServer {
  /** Status of its answers. */
  public status = 200;
  /** Time until it answers, in milliseconds. */
  public delay = 0;
  /** What it does instead of answering with the status, if set. */
  public respond: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** Number of requests received. */
  public requests = 0;
  public port = 0;
  private readonly server = createServer((request, response) => {
    this.requests += 1;
    response.setHeader(SERVER_HEADER, this.port);
    if (this.respond !== undefined) this.respond(request, response);
    else void pause(this.delay).then(() => response.writeHead(this.status).end());
  });

  public async start(): Promise<void> {
    await once(this.server.listen(this.port, '127.0.0.1'), 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Stops it immediately, with all connections; does nothing if it is not running. */
  public async stop(): Promise<void> {
    if (this.server.listening) {
      this.server.close().closeAllConnections();
      await once(this.server, 'close');
    }
  }
}
