/**
 * An AWS account on loopback, for `AWS_ENDPOINT_URL`: moto, and what it does not have. What was created can be read; nothing runs.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApsEmulator } from './aps';
import { Ec2Emulator } from './ec2';
import { elementText } from './ec2-query';
import { EksEmulator } from './eks';
import { bodyOf, json, refusal, type AwsAnswer, type AwsPlace, type AwsRequest } from './exchange';
import { Moto } from './moto';
import { RamEmulator } from './ram';

/** A signature names the service. */
const SERVICE = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\/aws4_request/;
/** Headers of a connection, which the next one sets itself. */
const OWN_HEADERS = ['host', 'connection', 'content-length', 'accept-encoding'];
/** vCPUs, instances or whatever a quota counts. */
const QUOTA = 1000;

export interface AwsEmulatorOptions extends AwsPlace {
  /** Path of `moto_server`. */
  readonly moto: string;
  /** Account whose attachment to the transit gateway is accepted. */
  readonly guest: string;
}

export class AwsEmulator {
  /** Calls that neither moto nor this emulator can answer: `ec2 DescribeX`. */
  public readonly unanswered: string[] = [];
  /** Amazon Managed Service for Prometheus. */
  public readonly aps: ApsEmulator;
  readonly #moto: Moto;
  readonly #services: Readonly<Record<string, (request: AwsRequest) => AwsAnswer | Promise<AwsAnswer>>>;
  readonly #server = createServer((request, response) => {
    void this.#serve(request).then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
  });

  public constructor(private readonly options: AwsEmulatorOptions) {
    this.#moto = new Moto(options.moto, options.region);
    const ec2 = new Ec2Emulator(options.account, this.#moto, options.guest);
    const eks = new EksEmulator(options, ec2.securityGroups);
    const ram = new RamEmulator(options);
    this.aps = new ApsEmulator(options, this.#moto);
    this.#services = {
      aps: (request) => this.aps.answer(request),
      ec2: (request) => ec2.answer(request),
      eks: (request) => eks.answer(request),
      ram: (request) => ram.answer(request),
      // A load balancer that is active after the second look, 30 s later, would cost the tests that time.
      elasticloadbalancing: async (request) => {
        const answer = await this.#moto.answer(request);
        return { ...answer, body: answer.body.replaceAll('<Code>provisioning</Code>', '<Code>active</Code>') };
      },
      servicequotas: (request) => json({ Quota: { ...bodyOf(request), QuotaArn: request.body, Value: QUOTA } }),
    };
  }

  /** Starts it, and returns its URL. */
  public async start(): Promise<string> {
    await this.#moto.start(this.options.account);
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** Returns the environment of a role in the account. */
  public async credentials(role: string): Promise<Readonly<Record<string, string>>> {
    const { account } = this.options;
    await this.#moto.query('iam', { Action: 'CreateRole', RoleName: role, AssumeRolePolicyDocument: '{}' });
    const RoleArn = `arn:aws:iam::${account}:role/${role}`;
    const assumed = await this.#moto.query('sts', { Action: 'AssumeRole', RoleArn, RoleSessionName: 'test' });
    return {
      AWS_ACCESS_KEY_ID: elementText(assumed, 'AccessKeyId'),
      AWS_SECRET_ACCESS_KEY: elementText(assumed, 'SecretAccessKey'),
      AWS_SESSION_TOKEN: elementText(assumed, 'SessionToken'),
    };
  }

  public async stop(): Promise<void> {
    this.#server.close().closeAllConnections();
    await this.#moto.stop();
  }

  async #serve(incoming: IncomingMessage): Promise<AwsAnswer> {
    const request = await requestOf(incoming);
    const service = SERVICE.exec(request.headers['authorization'] ?? '')?.[1] ?? '';
    try {
      const answer = await (this.#services[service]?.(request) ?? this.#moto.answer(request));
      if (answer.status < 500) return answer;
      throw new Error(answer.body.slice(0, 300));
    } catch (error) {
      // Clients repeat a request after a status of 500 or more.
      this.unanswered.push(
        `${service} ${request.method} ${request.path} ${request.body.slice(0, 300)}: ${String(error)}`,
      );
      return refusal(400, 'UnsupportedOperation', `${service} ${request.path} is not emulated`);
    }
  }
}

async function requestOf(incoming: IncomingMessage): Promise<AwsRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers: Object.fromEntries(
      Object.entries(incoming.headers)
        .filter(([name]) => !OWN_HEADERS.includes(name))
        .map(([name, value]) => [name, String(value)]),
    ),
    body: Buffer.concat(chunks).toString(),
  };
}
