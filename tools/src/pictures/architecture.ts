import { basename } from 'node:path/posix';
import type { PoolSummary } from '@org/ollama-eks';
import { GIB } from '@org/ollama-eks/pure';
import { describeSite } from './description';
import type { Site, Zone } from './site';
import { arrow, document, rect, shortened, text, widthOf, type Area, type Theme } from './svg';

const WIDTH = 960;
const CENTER = WIDTH / 2;
/** Distance between a frame and what it contains. */
const GAP = 14;
/** Space for an arrow between two boxes. */
const ARROW = 26;
/** Height of a line of text with its space. */
const LINE = 20;
/** Height of a box with one line. */
const BAR = 34;
/** Height of a box with two lines. */
const DOUBLE = 56;
/** Height of a subnet with nothing in it. */
const STRIP = 28;

type Span = Pick<Area, 'x' | 'width'>;

const ACCOUNT: Span = { x: GAP, width: WIDTH - 2 * GAP };
const VPC: Span = inset(ACCOUNT, GAP);
/** What is in all zones of the VPC. */
const ACROSS: Span = inset(VPC, 2 * GAP);
/** A box in the path of a request, outside the VPC. */
const ENTRY: Span = { x: CENTER - 150, width: 300 };

/** A part of the picture: what it draws, and the position at which it ends. */
interface Part {
  readonly elements: readonly string[];
  readonly bottom: number;
}

/** A zone, and where its column is. */
interface Column extends Span {
  readonly zone: Zone;
}

/** Draws an installation: its network, nodes, servers, and the path of a request. */
export function architecture(site: Site, theme: Theme): string {
  const outside = callers(site, GAP);
  const top = outside.bottom + ARROW + 4;
  const entry = site.kong ? transitGateway(top) : { elements: [], bottom: top };
  const vpc = network(site, entry.bottom + ARROW + 4);
  const bottom = vpc.bottom + GAP;
  const registries = downloads(site, bottom);
  const words = { title: `Architecture of ${site.cluster.clusterName}`, description: describeSite(site) };
  return document({ width: WIDTH, height: registries.bottom + GAP }, words, theme, [
    ...outside.elements,
    rect({ ...ACCOUNT, y: top, height: bottom - top }, 'frame', 10),
    text(ACCOUNT.x + GAP, top + 22, `Your AWS account, ${site.cluster.region}`, 'bold'),
    ...entry.elements,
    ...vpc.elements,
    ...registries.elements,
  ]);
}

function callers({ kong, callerCidrs }: Site, y: number): Part {
  const ranges = callerCidrs.length === 0 ? 'as the load balancer allows' : callerCidrs.join(', ');
  const bottom = y + DOUBLE;
  if (!kong) {
    const box = { x: CENTER - 170, y, width: 340, height: DOUBLE };
    return { elements: double(box, 'Coding tools, OpenAI clients', `in a VPN or a peered VPC: ${ranges}`), bottom };
  }
  const clients = { x: GAP, y, width: 230, height: DOUBLE };
  const gateway = { ...ENTRY, y, height: DOUBLE };
  const [from, to] = [clients.x + clients.width, gateway.x];
  const aside = gateway.x + gateway.width + GAP;
  return {
    elements: [
      ...double(clients, 'Coding tools', 'Claude Code, Copilot, OpenAI'),
      arrow(
        [
          [from, y + DOUBLE / 2],
          [to, y + DOUBLE / 2],
        ],
        'request',
      ),
      text((from + to) / 2, y + DOUBLE / 2 - 7, 'key', 'soft', 'middle'),
      ...double(gateway, 'Kong dedicated cloud gateway', `keys, limits per team · ${ranges}`),
      text(aside, y + 24, "in Kong's AWS account,", 'soft'),
      text(aside, y + 42, 'for your organization only', 'soft'),
    ],
    bottom,
  };
}

function transitGateway(top: number): Part {
  const box = { ...ENTRY, y: top + GAP, height: BAR };
  return {
    elements: [
      arrow(
        [
          [CENTER, top - ARROW - 4],
          [CENTER, box.y],
        ],
        'request',
      ),
      text(CENTER + 10, top - 10, 'HTTPS', 'soft'),
      ...single(box, 'Transit gateway, shared with Kong only', 'path'),
    ],
    bottom: box.y + box.height,
  };
}

/** Draws the VPC: its zones side by side, and across them what is in all zones. */
function network(site: Site, y: number): Part {
  const columns = columnsOf(site);
  const top = y + LINE + 10;
  const transit = site.kong ? { y: top + LINE + 6, height: STRIP + 30 } : { y: top + LINE, height: 0 };
  const inside = transit.y + transit.height + 8;
  const balancer = { ...ACROSS, y: inside + STRIP, height: BAR };
  const eks = cluster(site, columns, balancer.y + BAR + ARROW);
  const outside = eks.bottom + 18;
  const hasPublic = columns.some(({ zone }) => zone.subnets.some(({ kind }) => kind === 'public'));
  const bottom = outside + (hasPublic ? STRIP + 16 : 0);
  const attachment = { ...ACROSS, y: transit.y + STRIP - 2, height: 24 };
  const account = y - ARROW - 4;
  return {
    elements: [
      rect({ ...VPC, y, height: bottom + 8 - y }, 'card', 8),
      text(VPC.x + GAP, y + 20, site.vpcCidr === undefined ? 'Existing VPC' : `VPC ${site.vpcCidr}`, 'bold'),
      text(VPC.x + VPC.width - GAP, y + 20, endpointWords(site), 'soft', 'end'),
      ...columns.flatMap(({ zone, ...span }) => [
        rect({ ...span, y: top, height: bottom - top - 2 }, 'card', 8),
        text(span.x + 18, top + 18, zone.name, 'bold'),
        ...(site.kong ? subnet(zone, 'transit', { ...span, ...transit }) : []),
        ...subnet(zone, 'private', { ...span, y: inside, height: eks.bottom + 10 - inside }),
        ...subnet(zone, 'public', { ...span, y: outside, height: STRIP + 8 }),
      ]),
      ...(site.kong
        ? [
            arrow(
              [
                [CENTER, account],
                [CENTER, attachment.y],
              ],
              'request',
            ),
            ...single(attachment, 'Attachment of the VPC', 'path'),
            arrow(
              [
                [CENTER, attachment.y + attachment.height],
                [CENTER, balancer.y],
              ],
              'request',
            ),
          ]
        : [
            arrow(
              [
                [CENTER, account - ARROW - 4],
                [CENTER, balancer.y],
              ],
              'request',
            ),
          ]),
      ...single(balancer, 'Internal network load balancer · port 443, TLS passed through', 'path'),
      ...eks.elements,
    ],
    bottom: bottom + 8,
  };
}

function columnsOf({ zones, cluster: { pools } }: Site): Column[] {
  const existing = { name: 'existing subnets', subnets: [], pools: pools.map(({ name }) => name) };
  const shown = zones.length === 0 ? [existing] : zones;
  const width = (VPC.width - GAP * (shown.length + 1)) / shown.length;
  return shown.map((zone, index) => ({ zone, x: VPC.x + GAP + index * (width + GAP), width }));
}

function endpointWords({ endpoints }: Site): string {
  if (endpoints.length === 0) return '';
  return `endpoints in the VPC: ${endpoints.length > 4 ? `${String(endpoints.length)} AWS services` : endpoints.join(', ')}`;
}

/** Draws a subnet of a zone, with its range; nothing if the zone has none of this kind. */
function subnet({ subnets }: Zone, kind: string, area: Area): string[] {
  const found = subnets.find((it) => it.kind === kind);
  if (found === undefined) return [];
  const box = { ...area, ...inset(area, 8) };
  return [
    rect(box, 'frame'),
    text(box.x + 10, box.y + 19, kind, 'soft'),
    text(box.x + box.width - 10, box.y + 19, found.cidr, 'soft', 'end'),
    ...(found.nat
      ? single({ ...natOf(area), y: box.y + 4, height: box.height - 8 }, 'NAT gateway', 'card', 'plain')
      : []),
  ];
}

function natOf({ x }: Span): Span {
  return { x: x + 62, width: 104 };
}

/** Draws the EKS cluster across all zones: the system nodes, and each GPU pool in its zone. */
function cluster(site: Site, columns: readonly Column[], y: number): Part {
  const { kubernetesVersion, clusterName, pools } = site.cluster;
  const system = { ...inset(ACROSS, GAP), y: y + 36, height: 74 };
  const gateway = { x: CENTER - 130, y: system.y + 28, width: 260, height: BAR };
  const systemBottom = system.y + system.height;
  const servers = poolParts(site, columns, systemBottom + ARROW + 10);
  const bottom = Math.max(systemBottom, ...servers.map((part) => part.bottom)) + GAP;
  const turn = systemBottom + ARROW / 2;
  return {
    elements: [
      rect({ ...ACROSS, y, height: bottom - y }, 'card', 8),
      ...ends(
        inset(ACROSS, GAP),
        y + 23,
        [`EKS ${clusterName}, Kubernetes ${kubernetesVersion}`, 'bold'],
        ['Istio ambient: mTLS between all pods', 'soft'],
      ),
      rect(system, 'frame'),
      text(system.x + 10, system.y + 19, `system nodes: ${site.systemNodes}`, 'soft'),
      ...controllers(site, gateway, system),
      arrow(
        [
          [CENTER, y - ARROW],
          [CENTER, gateway.y],
        ],
        'request',
      ),
      ...single(gateway, 'Istio gateway · TLS, allowed routes', 'path'),
      ...servers.flatMap(({ elements }) => elements),
      ...servers
        .filter((_, index) => pools[index]?.replicas !== 0)
        .map(({ top, center }) =>
          arrow(
            [
              [CENTER, gateway.y + BAR],
              [CENTER, turn],
              [center, turn],
              [center, top],
            ],
            'request',
          ),
        ),
    ],
    bottom,
  };
}

/** Draws what else runs on the system nodes, on both sides of the gateway. */
function controllers({ delivered }: Site, gateway: Area, system: Area): string[] {
  const left = ['istiod', ...(delivered.length === 0 ? [] : ['Argo CD'])];
  const [from, to] = [system.x + 10, gateway.x - GAP];
  const width = (to - from - 8 * (left.length - 1)) / left.length;
  const right = { ...gateway, x: gateway.x + gateway.width + GAP };
  return [
    ...left.flatMap((name, index) =>
      single({ ...gateway, x: from + index * (width + 8), width }, name, 'card', 'plain'),
    ),
    ...single({ ...right, width: system.x + system.width - 10 - right.x }, 'load balancer controller', 'card', 'plain'),
  ];
}

/** A pool, and where the requests reach it. */
interface PoolPart extends Part {
  readonly top: number;
  readonly center: number;
}

/** Draws each pool in the column of its zone; several in a zone are one below the other. */
function poolParts({ cluster: { pools }, volumes }: Site, columns: readonly Column[], y: number): PoolPart[] {
  const ends = new Map<Column, number>();
  return pools.map((pool) => {
    const column = columns.find(({ zone }) => zone.pools.includes(pool.name)) ?? columns[0];
    if (column === undefined) throw new Error('a network must have a zone');
    const part = poolPart(pool, volumes[pool.name], column, ends.get(column) ?? y);
    ends.set(column, part.bottom + 10);
    return part;
  });
}

function poolPart(pool: PoolSummary, volume: string | undefined, column: Column, y: number): PoolPart {
  const width = Math.min(column.width - 44, 320);
  const box = { x: column.x + (column.width - width) / 2, y, width };
  const inside = inset(box, 10);
  const serverHeight = 44 + LINE * pool.models.length;
  const servers = Array.from({ length: Math.max(pool.replicas, 1) }, (_, index) => y + 46 + index * (serverHeight + 8));
  const bottom = y + 48 + servers.length * (serverHeight + 8);
  return {
    elements: [
      rect({ ...box, height: bottom - y }, pool.nodes === 0 ? 'standby' : 'gpu', 8),
      ...ends(
        inside,
        y + 20,
        [`${pool.nodes > 1 ? `${String(pool.nodes)} × ` : ''}${pool.instanceType}`, 'bold'],
        [pool.gpu, 'soft'],
      ),
      ...ends(
        inside,
        y + 38,
        [pool.nodes === 0 ? 'standby, no nodes' : `GPU pool ${pool.name}`, 'soft'],
        [volume === undefined ? '' : `volume ${volume}`, 'soft'],
      ),
      ...servers.flatMap((top) => server(pool, { ...inset(box, 8), y: top, height: serverHeight })),
    ],
    bottom,
    top: y,
    center: box.x + width / 2,
  };
}

/** Draws an Ollama server with its models, and how much GPU memory they use. */
function server({ vramUsedBytes, vramFreeBytes, gpus = [], models }: PoolSummary, area: Area): string[] {
  const whole = vramUsedBytes + vramFreeBytes + gpus.reduce((sum, { marginBytes }) => sum + marginBytes, 0);
  const bar = { ...inset(area, 10), y: area.y + area.height - 14, height: 6 };
  const memory = `${(vramUsedBytes / GIB).toFixed(0)} of ${(whole / GIB).toFixed(0)} GiB VRAM`;
  return [
    rect(area, 'card'),
    ...ends(bar, area.y + 20, ['Ollama', 'soft'], [memory, 'soft']),
    ...models.flatMap(({ name, contextLength, parallel }, index) => {
      const y = area.y + 40 + LINE * index;
      const load = `${String(Math.round(contextLength / 1024))}k × ${String(parallel)}`;
      return ends(bar, y, [basename(name), 'bold'], [load, 'plain']);
    }),
    rect(bar, 'track', 3),
    rect({ ...bar, width: (bar.width * vramUsedBytes) / whole }, 'fill', 3),
  ];
}

/** Draws what nodes download, and through which NAT gateways. */
function downloads(site: Site, y: number): Part {
  const centers = columnsOf(site)
    .filter(({ zone }) => zone.subnets.some(({ nat }) => nat))
    .map(natOf)
    .map(({ x, width }) => x + width / 2);
  const [first] = centers;
  if (first === undefined) return { elements: [], bottom: y };
  const box = { x: ACCOUNT.x, y: y + ARROW, width: Math.max(300, (centers.at(-1) ?? 0) - ACCOUNT.x + 52), height: BAR };
  const nat = y - GAP - 20;
  return {
    elements: [
      ...centers.map((center) =>
        arrow(
          [
            [center, nat],
            [center, box.y],
          ],
          'aside',
        ),
      ),
      ...single(box, 'Registries: images, charts, models', 'card', 'plain'),
    ],
    bottom: box.y + box.height,
  };
}

function single(area: Area, words: string, look: 'card' | 'path', weight: 'bold' | 'plain' = 'bold'): string[] {
  const middle = area.y + area.height / 2 + 5;
  return [rect(area, look), text(area.x + area.width / 2, middle, words, weight, 'middle')];
}

function double(area: Area, first: string, second: string): string[] {
  const center = area.x + area.width / 2;
  return [
    rect(area, 'card'),
    text(center, area.y + 24, first, 'bold', 'middle'),
    text(center, area.y + 43, shortened(second, area.width - 20, 'soft'), 'soft', 'middle'),
  ];
}

/** A text and its look. */
type Words = readonly [content: string, look: 'bold' | 'plain' | 'soft'];

/** Draws a text at each end of a line. The first one is shortened to what the second one leaves. */
function ends({ x, width }: Span, y: number, [first, firstLook]: Words, [second, secondLook]: Words): string[] {
  const space = width - (second === '' ? 0 : widthOf(second, secondLook) + 10);
  return [
    text(x, y, shortened(first, space, firstLook), firstLook),
    ...(second === '' ? [] : [text(x + width, y, second, secondLook, 'end')]),
  ];
}

function inset({ x, width }: Span, by: number): Span {
  return { x: x + by, width: width - 2 * by };
}
