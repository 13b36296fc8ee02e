/** A real Envoy with the configuration of rendered gateways. */
import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { type Envoy, startEnvoy } from './envoy';
import { envoyConfig, type GatewayObjects } from './gateway-config';

/** A request to the gateway. */
export interface GatewayRequest {
  /** @default 'POST' */
  readonly method?: string;
  /** Sent as it is. @default '/v1/chat/completions' */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A complete answer. */
export interface GatewayAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Starts Envoy with a listener for each gateway, all with the same servers. */
export async function startGatewayProxy(
  gateways: Readonly<Record<string, GatewayObjects>>,
  ports: readonly number[],
  folder: string,
  options: readonly string[] = [],
): Promise<GatewayProxy> {
  return new GatewayProxy(await startEnvoy(envoyConfig(gateways, ports), folder, options));
}

/** A running Envoy, as a gateway. */
export class GatewayProxy {
  public constructor(private readonly envoy: Envoy) {}

  public async stop(): Promise<void> {
    await this.envoy.stop();
  }

  /** Sends a request to a listener, on a new connection, and returns the answer when its headers have arrived. */
  public async open(listener: string, sent: GatewayRequest = {}): Promise<IncomingMessage> {
    const { method = 'POST', path = '/v1/chat/completions', headers = {} } = sent;
    const call = request({ port: this.envoy.ports.get(listener), agent: false, method, path, headers });
    call.end(method === 'POST' ? '{}' : undefined);
    const [answer] = (await once(call, 'response')) as [IncomingMessage];
    return answer;
  }

  /** Sends a request to a listener, and returns the complete answer. */
  public async ask(listener: string, sent: GatewayRequest = {}): Promise<GatewayAnswer> {
    const answer = await this.open(listener, sent);
    let body = '';
    for await (const chunk of answer.setEncoding('utf8')) body += String(chunk);
    return { status: answer.statusCode ?? 0, headers: answer.headers, body };
  }

  /** Returns how many servers the clusters of a listener have ejected. */
  public async ejected(listener: string): Promise<number> {
    const stats = await (await fetch(`${this.envoy.admin}/stats?filter=outlier_detection.ejections_active`)).text();
    const counts = [...stats.matchAll(/^cluster\.(.+)_.*: (\d+)$/gm)];
    const own = counts.filter(([line]) => line.startsWith(`cluster.${listener}_`));
    return own.reduce((sum, [, , count]) => sum + Number(count), 0);
  }

  /** Returns how many requests a listener has in progress, of all kinds. */
  public async inProgress(listener: string): Promise<number> {
    return this.gauge(`http.${listener}.downstream_rq_active`);
  }

  /** Returns the limit of requests that the filter of a listener has calculated. */
  public async concurrencyLimit(listener: string): Promise<number> {
    return this.gauge(`http.${listener}.adaptive_concurrency.gradient_controller.concurrency_limit`);
  }

  private async gauge(name: string): Promise<number> {
    const stats = await (await fetch(`${this.envoy.admin}/stats?filter=^${name}$`)).text();
    return Number(stats.split(': ')[1]);
  }

  /** Begins to drain, as Istio's agent does on SIGTERM. */
  public async drain(): Promise<void> {
    await fetch(`${this.envoy.admin}/drain_listeners?graceful`, { method: 'POST' });
  }
}
