import { basename } from 'node:path/posix';
import type { PoolSummary } from '@org/ollama-eks';
import { GIB } from '@org/ollama-eks/pure';
import {
  ACROSS,
  areNarrow,
  ARROW,
  BAR,
  CENTER,
  division,
  down,
  ends,
  GAP,
  inset,
  LINE,
  single,
  type Column,
  type Part,
  type Span,
} from './layout';
import type { Site } from './site';
import { arrow, rect, shortened, text, type Area } from './svg';

/** Draws the EKS cluster across all zones: the system nodes, and each GPU pool in its zone. */
export function cluster(site: Site, columns: readonly Column[], y: number): Part {
  const { kubernetesVersion, clusterName, pools } = site.cluster;
  const system = { ...inset(ACROSS, GAP), y: y + 36, height: 74 };
  const gateway = { x: CENTER - 160, y: system.y + 28, width: 320, height: BAR };
  const systemBottom = system.y + system.height;
  const servers = poolParts(site, columns, systemBottom + ARROW + 10);
  const bottom = Math.max(systemBottom, ...servers.map((part) => part.bottom)) + GAP;
  const turn = systemBottom + ARROW / 2;
  const heading = inset(ACROSS, GAP);
  const title = `EKS ${clusterName}, Kubernetes ${kubernetesVersion}`;
  return {
    elements: [
      rect({ ...ACROSS, y, height: bottom - y }, 'card', 8),
      ...ends(
        heading,
        y + 23,
        [shortened(title, CENTER - GAP - heading.x, 'bold'), 'bold'], // the request passes in the middle
        ['Istio ambient: mTLS between all pods', 'soft'],
      ),
      rect(system, 'frame'),
      text(system.x + 10, system.y + 19, `system nodes: ${site.systemNodes}`, 'soft'),
      ...controllers(site, gateway, system),
      down(CENTER, y - ARROW, gateway.y),
      ...single(gateway, 'Istio gateway · TLS, allowed routes', 'path'),
      ...servers.flatMap(({ elements }) => elements),
      ...servers
        .filter((_, index) => pools[index]?.replicas !== 0)
        .map(({ entry }) =>
          arrow([[CENTER, gateway.y + BAR], [CENTER, turn], [entry[0]?.[0] ?? CENTER, turn], ...entry], 'request'),
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

/** A pool, and the end of the path on which requests reach it. */
interface PoolPart extends Part {
  readonly entry: readonly (readonly [number, number])[];
}

/** Pools that are drawn side by side if zones are narrower than a pool. */
const POOLS_IN_ROW = 3;

/** Draws each pool in the column of its zone, or with the name of its zone if the columns are too narrow, in rows. */
function poolParts({ cluster: { pools }, volumes }: Site, columns: readonly Column[], y: number): PoolPart[] {
  const isNarrow = areNarrow(columns);
  const bottoms = new Map<number, number>();
  return pools.map((pool, index) => {
    const column = columns.find(({ zone }) => zone.pools.includes(pool.name)) ?? columns[0];
    if (column === undefined) throw new Error('a network must have a zone');
    const place = isNarrow ? division(inset(ACROSS, GAP), POOLS_IN_ROW, index % POOLS_IN_ROW) : column;
    const zone = isNarrow ? column.zone.name : undefined;
    const part = poolPart(pool, volumes[pool.name], place, { y, above: bottoms.get(place.x), zone });
    bottoms.set(place.x, part.bottom);
    return part;
  });
}

/** Where a pool is. */
interface Place {
  /** Of the first row. */
  readonly y: number;
  /** Where the pool above it ends. */
  readonly above: number | undefined;
  /** Name of its zone, if its place does not show it. */
  readonly zone: string | undefined;
}

function poolPart(
  pool: PoolSummary,
  volume: string | undefined,
  span: Span,
  { y: first, above, zone }: Place,
): PoolPart {
  const y = above === undefined ? first : above + 10;
  const width = Math.min(span.width - 24, 320);
  const box = { x: span.x + (span.width - width) / 2, y, width };
  const inside = inset(box, 10);
  const head = zone === undefined ? 46 : 46 + LINE - 2;
  const serverHeight = 44 + LINE * pool.models.length;
  const servers = Array.from(
    { length: Math.max(pool.replicas, 1) },
    (_, index) => y + head + index * (serverHeight + 8),
  );
  const bottom = y + head + 2 + servers.length * (serverHeight + 8);
  const [center, lane] = [box.x + width / 2, box.x - 10];
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
      ...(zone === undefined ? [] : [text(inside.x, y + 56, zone, 'soft')]),
      ...servers.flatMap((top) => server(pool, { ...inset(box, 8), y: top, height: serverHeight })),
    ],
    bottom,
    // a pool below another one is reached past that one
    entry:
      above === undefined
        ? [[center, y]]
        : [
            [lane, y + 24],
            [box.x, y + 24],
          ],
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
