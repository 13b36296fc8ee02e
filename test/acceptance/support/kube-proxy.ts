import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { tool } from './tools';

/** Attempts of a request, a second apart, before a busy server counts as broken. */
const ATTEMPTS = 60;

/** An object of the API server, with the fields that tests read. */
export interface LiveObject {
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
    readonly deletionTimestamp?: string;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

/** The API of Kubernetes over plain HTTP, by `kubectl proxy`. */
export class KubeProxy {
  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
  ) {}

  public static async start(kubeconfig: string): Promise<KubeProxy> {
    const child = spawn(tool('kubectl'), ['proxy', '--port=0'], {
      env: { ...process.env, KUBECONFIG: kubeconfig },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const address = /127\.0\.0\.1:\d+/.exec(line.toString())?.[0];
    if (address === undefined) throw new Error(`kubectl proxy: ${line.toString()}`);
    return new KubeProxy(child, `http://${address}`);
  }

  public async stop(): Promise<void> {
    this.child.kill();
    await once(this.child, 'exit');
  }

  /** Returns the objects at a path such as `/apis/batch/v1/jobs`; none while the type is not defined. */
  public async list(path: string): Promise<readonly LiveObject[]> {
    const { items = [] } = (await this.get<{ items: readonly LiveObject[] }>(path)) ?? {};
    return items;
  }

  /** Returns what is at a path, or undefined if nothing is. */
  public async get<Type>(path: string): Promise<Type | undefined> {
    const response = await this.request(path);
    return response.status === 404 ? undefined : ((await response.json()) as Type);
  }

  /** Merges fields into an object. An object that is gone, or has changed, is left alone. */
  public async patch(path: string, fields: object): Promise<void> {
    const headers = { 'content-type': 'application/merge-patch+json' };
    await this.request(path, { method: 'PATCH', headers, body: JSON.stringify(fields) });
  }

  /** Sends a request, again while the server is busy or has just started to serve a type. */
  private async request(path: string, init?: RequestInit): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch(`${this.url}${path}`, init);
      if (response.ok || [404, 409].includes(response.status)) return response;
      const isBusy = response.status === 429 || response.status >= 500;
      if (!isBusy || attempt === ATTEMPTS) {
        throw new Error(`${path}: ${String(response.status)} ${await response.text()}`);
      }
      await pause(1000);
    }
  }
}
