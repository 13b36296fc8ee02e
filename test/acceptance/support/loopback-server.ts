import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback that can be stopped, and started again on the same port. */
export class LoopbackServer {
  /** Status of its answers. */
  public status = 200;
  /** Time that it takes to answer, in milliseconds. */
  public delay = 0;
  /** Requests that it received. */
  public requests = 0;
  public port = 0;
  private readonly server = createServer((_, response) => {
    this.requests += 1;
    setTimeout(() => response.writeHead(this.status).end(), this.delay);
  });

  public async start(): Promise<void> {
    await once(this.server.listen(this.port, '127.0.0.1'), 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Stops it at once, with all connections. Does nothing if it is not running. */
  public async stop(): Promise<void> {
    if (this.server.listening) {
      this.server.close().closeAllConnections();
      await once(this.server, 'close');
    }
  }
}
