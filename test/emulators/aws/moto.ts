/** moto, an emulator of many AWS APIs, as a process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { AwsAnswer, AwsRequest } from './exchange';

const START_SECONDS = 60;
const PAUSE_MS = 200;
/** Versions of APIs that take a query. */
const VERSIONS: Readonly<Record<string, string>> = { ec2: '2016-11-15', iam: '2010-05-08', sts: '2011-06-15' };

export class Moto {
  #process: ChildProcess | undefined;
  #port = 0;

  /** @param program path of `moto_server` */
  public constructor(
    private readonly program: string,
    private readonly region: string,
  ) {}

  /** Starts it, and waits until it answers. */
  public async start(account: string): Promise<void> {
    this.#port = await freePort();
    const env = { ...process.env, MOTO_ACCOUNT_ID: account, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' };
    const child = spawn(this.program, ['--port', String(this.#port)], { env, stdio: 'ignore' });
    this.#process = child;
    for (const end = Date.now() + START_SECONDS * 1000; Date.now() < end;) {
      if (child.exitCode !== null) throw new Error(`${this.program} exited with ${String(child.exitCode)}`);
      const ready = await fetch(`http://127.0.0.1:${String(this.#port)}/moto-api/`).catch(() => undefined);
      if (ready?.ok === true) return;
      await pause(PAUSE_MS);
    }
    throw new Error(`${this.program} does not answer after ${String(START_SECONDS)} s`);
  }

  public async answer({ method, path, headers, body }: AwsRequest): Promise<AwsAnswer> {
    const url = `http://127.0.0.1:${String(this.#port)}${path}`;
    const response = await fetch(url, { method, headers, ...(body !== '' && { body }) });
    const { 'content-type': type = 'text/xml', 'x-amzn-errortype': error } = Object.fromEntries(response.headers);
    const answered = { 'content-type': type, ...(error !== undefined && { 'x-amzn-errortype': error }) };
    return { status: response.status, headers: answered, body: await response.text() };
  }

  /** Calls an API that takes a query: EC2, IAM, STS. */
  public async query(service: string, parameters: Readonly<Record<string, string>>): Promise<AwsAnswer> {
    const answer = await this.answer({
      method: 'POST',
      path: '/',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=none/20260101/${this.region}/${service}/aws4_request`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ ...parameters, Version: VERSIONS[service] ?? '' }).toString(),
    });
    if (answer.status !== 200) throw new Error(answer.body);
    return answer;
  }

  public async stop(): Promise<void> {
    if (this.#process === undefined || this.#process.exitCode !== null) return;
    const exit = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exit;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
