import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback that can be ended, and started again at the same port. */
export class LoopbackServer {
  /** Status of its answers. */
  public status = 200;
  /** How long it takes to answer, in milliseconds. */
  public delay = 0;
  /** Requests that it got. */
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

  /** Ends it at once, with all connections; does nothing where it does not run. */
  public async stop(): Promise<void> {
    if (this.server.listening) {
      this.server.close().closeAllConnections();
      await once(this.server, 'close');
    }
  }
}
