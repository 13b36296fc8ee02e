import { problem, Refusal, text, type Answer, type EmulatedRequest } from './answers';
import { attachmentIdOf, privateDnsRoutes, transitGatewayIdOf, transitGatewayRoutes } from './attachments';
import { configurationRoutes } from './configurations';
import { Contract } from './contract';
import { controlPlaneRoutes } from './control-planes';
import { CoreEntities, deckRoutes } from './core-entities';
import { Faults, type FaultEffect } from './faults';
import type { Timeline } from './lifecycle';
import { networkRoutes } from './networks';
import { identityRoutes, organizationRoutes } from './organization';
import { Router, type Match } from './router';
import { snapshot } from './snapshot';
import { VirtualClock } from './virtual-clock';
import { World } from './world';

/** The parts of a clock that the emulator needs. */
export interface EmulatorClock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export interface KonnectEmulatorOptions {
  /** @default - a separate virtual clock */
  readonly clock?: EmulatorClock;
  /** Region of control planes. @default 'us' */
  readonly geo?: string;
  /** @default 'kpat_emulated' */
  readonly token?: string;
  /** @default - as long as Konnect takes */
  readonly timeline?: Timeline;
}

/** An answered request. */
export interface JournalEntry {
  readonly at: number;
  readonly method: string;
  /** Declared route: `/v2/cloud-gateways/networks/:networkId`. */
  readonly route: string;
  readonly path: string;
  readonly status: number;
  /** Whether the request changed anything. */
  readonly wrote: boolean;
}

/** Thrown if the connection is closed without an answer. */
export class DroppedConnection extends Error {
  public constructor() {
    super('other side closed');
  }
}

/** Konnect in memory: state machines on a clock that tests advance, faults on request, and every message checked against Kong's
 * specifications. */
export class KonnectEmulator {
  public readonly world: World;
  public readonly entities: CoreEntities;
  public readonly contract = new Contract();
  public readonly faults = new Faults();
  public readonly journal: JournalEntry[] = [];
  /** Valid tokens. */
  public readonly tokens: Set<string>;
  readonly #clock: EmulatorClock;
  readonly #router: Router;
  #entityRouter: Router | undefined;

  public constructor({
    clock = new VirtualClock(),
    geo = 'us',
    token = 'kpat_emulated',
    timeline,
  }: KonnectEmulatorOptions = {}) {
    this.#clock = clock;
    this.tokens = new Set([token]);
    this.world = new World(() => clock.now(), geo, timeline);
    this.entities = new CoreEntities(this.world, this.contract);
    this.#router = new Router()
      .add('global', organizationRoutes(this.world))
      .add('global', networkRoutes(this.world))
      .add('global', configurationRoutes(this.world))
      .add('global', transitGatewayRoutes(this.world))
      .add('global', privateDnsRoutes(this.world))
      .add('global', identityRoutes(this.world))
      .add('region', controlPlaneRoutes(this.world))
      .add('region', deckRoutes(this.world));
  }

  /** Replaces the global `fetch`: answers for Konnect's hosts, and drops connections to others. */
  public readonly fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const request = new URL(input instanceof Request ? input.url : input);
    const host = this.#hostOf(request.hostname);
    if (host === undefined)
      throw new TypeError('fetch failed', { cause: new Error(`getaddrinfo ENOTFOUND ${request.hostname}`) });
    const text = typeof init.body === 'string' ? init.body : undefined;
    const answering = this.handle(
      {
        method: init.method ?? 'GET',
        url: request,
        headers: new Headers(init.headers),
        body: text === undefined ? undefined : (JSON.parse(text) as unknown),
      },
      host,
    ).catch((cause: unknown) => {
      // A defect of the emulator must not look like a bad network.
      if (!(cause instanceof DroppedConnection)) this.contract.misses.push(String(cause));
      throw new TypeError('fetch failed', { cause });
    });
    const { status, headers = {}, body } = await orAborted(answering, init.signal ?? undefined);
    const written = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
    const response = new Response(status === 204 ? null : written, {
      status,
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(written)),
        ...headers,
      },
    });
    // At once, because reading a stream takes turns of the event loop, in which virtual time would advance.
    Object.defineProperty(response, 'text', { value: () => Promise.resolve(written) });
    return response;
  };

  /** Answers a request, with faults. Rejects with DroppedConnection. */
  public async handle(request: EmulatedRequest, host: 'global' | 'region' | 'any' = 'any'): Promise<Answer> {
    const match = this.#routerOf(request.url.pathname).match(request.method, request.url.pathname);
    if (match === undefined || (host !== 'any' && match.host !== host)) {
      return this.#note(request, request.url.pathname, problem(404, 'Not Found', 'no Route matched with those values'));
    }
    const effect = this.faults.take(request, match.route);
    if (effect?.kind === 'answer') return this.#note(request, match.route, effect.answer(this.#clock.now()));
    if (effect?.kind === 'drop' && !effect.carriedOut) throw new DroppedConnection();
    const answer = this.#note(request, match.route, this.#carryOut(request, match));
    return this.#afterwards(effect, answer);
  }

  /** Kong's attachments, by AWS's id. */
  public attachments(): { readonly id: string; readonly state: string; readonly transitGatewayId: string }[] {
    this.world.settle();
    return [...this.world.transitGateways.values()].map((gateway) => ({
      id: attachmentIdOf(gateway),
      state: gateway.state,
      transitGatewayId: transitGatewayIdOf(gateway),
    }));
  }

  /** Accepts an attachment in AWS, as its owner does. */
  public acceptAttachment(attachmentId: string): void {
    const found = [...this.world.transitGateways.values()].find((gateway) => attachmentIdOf(gateway) === attachmentId);
    if (found === undefined) throw new Error(`InvalidTransitGatewayAttachmentID.NotFound: ${attachmentId}`);
    found.acceptedAt ??= this.#clock.now();
  }

  /** Returns the state without fields that differ between runs; equal states have equal snapshots. */
  public snapshot(): unknown {
    this.world.settle();
    return snapshot(this.world, this.entities);
  }

  /** Requests that changed anything. */
  public get writes(): readonly JournalEntry[] {
    return this.journal.filter(({ wrote }) => wrote);
  }

  /** Created on demand: entities have many routes, and most tests need none of them. */
  #routerOf(pathname: string): Router {
    if (!pathname.includes('/core-entities/')) return this.#router;
    this.#entityRouter ??= new Router().add('region', this.entities.routes());
    return this.#entityRouter;
  }

  #carryOut(request: EmulatedRequest, { params, handler, route }: Match): Answer {
    this.world.settle();
    if (!this.#isAllowed(request, route)) return problem(401, 'Unauthorized', 'Unauthorized');
    this.contract.request(request);
    const answer = this.#refusable(() => handler({ ...request, params, query: request.url.searchParams }));
    // Tests may set a state that no specification contains; everything else must conform.
    const { unknownState } = this.world.behaviour;
    const isUnknown = unknownState !== undefined && text(answer.body).includes(`"${unknownState}"`);
    if (!isUnknown) this.contract.answer(request, answer);
    if (request.method === 'DELETE' && route === '/v2/control-planes/:id' && answer.status === 204)
      this.entities.drop(params['id'] ?? '');
    return answer;
  }

  #refusable(handle: () => Answer): Answer {
    try {
      return handle();
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }

  #isAllowed({ headers }: EmulatedRequest, route: string): boolean {
    const [scheme, token = ''] = (headers.get('authorization') ?? '').split(' ');
    return route.endsWith('availability.json') || (scheme === 'Bearer' && this.#tokenIsValid(token));
  }

  #tokenIsValid(token: string): boolean {
    return (
      this.tokens.has(token) ||
      [...this.world.accounts.values()].some(({ tokens }) => tokens.some(({ secret }) => secret === token))
    );
  }

  async #afterwards(effect: FaultEffect | undefined, answer: Answer): Promise<Answer> {
    if (effect?.kind === 'drop') throw new DroppedConnection();
    if (effect?.kind === 'slow') await this.#clock.sleep(effect.seconds * 1000);
    return answer;
  }

  #note({ method, url }: EmulatedRequest, route: string, answer: Answer): Answer {
    const read = method === 'GET' || route.endsWith('/validate');
    this.journal.push({
      at: this.#clock.now(),
      method,
      route,
      path: url.pathname,
      status: answer.status,
      wrote: !read && answer.status < 300,
    });
    return answer;
  }

  #hostOf(hostname: string): 'global' | 'region' | 'any' | undefined {
    if (hostname === 'global.api.konghq.com') return 'global';
    if (hostname === `${this.world.geo}.api.konghq.com`) return 'region';
    return /^(127\.0\.0\.1|localhost)$/.test(hostname) ? 'any' : undefined;
  }
}

/** Rejects if the signal aborts, as fetch does. */
function orAborted<Value>(value: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return value;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    value.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', onAbort);
    });
  });
}
