import { basename } from 'node:path/posix';
import type { PoolSummary } from '@org/ollama-eks';
import { GIB } from '@org/ollama-eks/pure';
import { ACROSS, ARROW, BAR, CENTER, down, ends, GAP, inset, LINE, single, type Column, type Part } from './layout';
import type { Site } from './site';
import { arrow, rect, text, type Area } from './svg';

/** Draws the EKS cluster across all zones: the system nodes, and each GPU pool in its zone. */
export function cluster(site: Site, columns: readonly Column[], y: number): Part {
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
      down(CENTER, y - ARROW, gateway.y),
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
  const bottoms = new Map<Column, number>();
  return pools.map((pool) => {
    const column = columns.find(({ zone }) => zone.pools.includes(pool.name)) ?? columns[0];
    if (column === undefined) throw new Error('a network must have a zone');
    const part = poolPart(pool, volumes[pool.name], column, bottoms.get(column) ?? y);
    bottoms.set(column, part.bottom + 10);
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
