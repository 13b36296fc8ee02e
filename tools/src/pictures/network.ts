import { cluster } from './cluster';
import {
  ACCOUNT,
  ACROSS,
  ARROW,
  BAR,
  CENTER,
  down,
  GAP,
  inset,
  LINE,
  single,
  STRIP,
  VPC,
  type Column,
  type Part,
  type Span,
} from './layout';
import type { Site, Zone } from './site';
import { rect, text, type Area } from './svg';

/** Draws the VPC: its zones side by side, and across them what is in all zones. */
export function network(site: Site, y: number): Part {
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
            down(CENTER, account, attachment.y),
            ...single(attachment, 'Attachment of the VPC', 'path'),
            down(CENTER, attachment.y + attachment.height, balancer.y),
          ]
        : [down(CENTER, account - ARROW - 4, balancer.y)]),
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

/** Draws what nodes download, and through which NAT gateways. */
export function downloads(site: Site, y: number): Part {
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
      ...centers.map((center) => down(center, nat, box.y, 'aside')),
      ...single(box, 'Registries: images, charts, models', 'card', 'plain'),
    ],
    bottom: box.y + box.height,
  };
}
