import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { KonnectEmulator, ScaledClock, serve, type KonnectServer } from '../../emulators/konnect';
import { writeExecutables } from '../../emulators/tools';
import { BIN, endOf, TOKEN, type End } from './cli-site';

const CONTROL_PLANE = 'ollama';

/** Values of the configuration, so that Terraform is not asked for its outputs. */
const VALUES = {
  DECK_OLLAMA_UPSTREAM_HOST: 'ollama.elb.us-west-2.amazonaws.com',
  DECK_OLLAMA_GATEWAY_HOSTNAME: 'ollama.internal.example.com',
  DECK_OLLAMA_CA_CERTIFICATE: `-----BEGIN CERTIFICATE-----\n${'A'.repeat(64)}\n-----END CERTIFICATE-----\n`,
};

/** A control plane in the emulated Konnect, and a machine with `ollama-eks` and a decK. */
export class KongSite {
  private constructor(
    public readonly folder: string,
    public readonly konnect: KonnectEmulator,
    private readonly server: KonnectServer,
    private readonly bin: string,
    private readonly controlPlane: string,
  ) {}

  /** @param deck path of decK's program. @default - the stand-in */
  public static async open(deck?: string): Promise<KongSite> {
    const clock = new ScaledClock();
    const konnect = new KonnectEmulator({ clock, token: TOKEN });
    const server = await serve(konnect, clock);
    const folder = mkdtempSync(join(tmpdir(), 'ollama-eks-deck-'));
    const id = await createControlPlane(server.url, CONTROL_PLANE);
    return new KongSite(folder, konnect, server, binOf(folder, server.url, deck), id);
  }

  /** Runs `ollama-eks`. */
  public run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<End> {
    return this.start(process.execPath, [BIN, ...args, '--cluster', CONTROL_PLANE], environment);
  }

  /** Runs decK with the address of the control plane. */
  public deck(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<End> {
    const target = ['--konnect-addr', this.server.url, '--konnect-control-plane-name', CONTROL_PLANE];
    return this.start(join(this.bin, 'deck'), [...args, ...target], { DECK_KONNECT_TOKEN: TOKEN, ...environment });
  }

  /** Writes a file, and returns its path. */
  public write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** Returns the entities of a kind. */
  public entities(kind: string) {
    return structuredClone(this.konnect.entities.list(this.controlPlane, kind));
  }

  /** Returns all entities by kind, in any order, with names in place of IDs, which decK chooses at random. */
  public snapshot(): Readonly<Record<string, readonly string[]>> {
    const kinds = Object.entries(this.konnect.entities.snapshot(this.controlPlane));
    const names = new Map(
      kinds.flatMap(([kind, entities]) =>
        entities.map(({ id, name, username }) => [id, [name, username, kind].find((one) => one !== undefined)]),
      ),
    );
    const named = (_: string, value: unknown) => names.get(value) ?? value;
    return Object.fromEntries(
      kinds.map(([kind, entities]) => [kind, entities.map((entity) => JSON.stringify(inOrder(entity), named)).sort()]),
    );
  }

  /** Creates or replaces an entity, as another program. */
  public async put(path: string, body: object): Promise<void> {
    await request(this.server.url, 'PUT', `/v2/control-planes/${this.controlPlane}/core-entities/${path}`, body);
  }

  /** Creates control planes that are listed before ours. */
  public async addControlPlanes(count: number): Promise<void> {
    const { controlPlanes, behaviour } = this.konnect.world;
    behaviour.quotas.controlPlanes = count + 1;
    for (let number = 0; number < count; number += 1) await createControlPlane(this.server.url, `other-${number}`);
    const ours = controlPlanes.get(this.controlPlane);
    controlPlanes.delete(this.controlPlane);
    if (ours !== undefined) controlPlanes.set(this.controlPlane, ours);
  }

  public async close(): Promise<void> {
    await this.server.close();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private start(program: string, args: readonly string[], environment: Readonly<Record<string, string>>): Promise<End> {
    const child = spawn(program, args, {
      cwd: this.folder,
      env: {
        PATH: [this.bin, process.env['PATH']].join(delimiter),
        HOME: this.folder,
        KONNECT_TOKEN: TOKEN,
        KONNECT_GLOBAL_URL: this.server.url,
        KONNECT_REGION_URL: this.server.url,
        DECK_ANALYTICS: 'off',
        ...VALUES,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return endOf(child);
  }
}

/** Sorts the fields, which each writer sends in its own order. */
function inOrder(entity: object): object {
  return Object.fromEntries(Object.entries(entity).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Returns a folder with decK only. */
function binOf(folder: string, konnect: string, deck: string | undefined): string {
  if (deck === undefined) return writeExecutables(folder, konnect, 1).bin;
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(deck, join(bin, 'deck'));
  return bin;
}

/** Returns the ID of a new control plane. */
async function createControlPlane(url: string, name: string): Promise<string> {
  const body = { name, cluster_type: 'CLUSTER_TYPE_CONTROL_PLANE', cloud_gateway: true };
  return ((await request(url, 'POST', '/v2/control-planes', body)) as { id: string }).id;
}

async function request(url: string, method: string, path: string, body: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const response = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)} ${await response.text()}`);
  return response.json();
}
