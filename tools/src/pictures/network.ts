import { cluster } from './cluster';
import {
  ACCOUNT,
  ACROSS,
  areNarrow,
  ARROW,
  BAR,
  CENTER,
  division,
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
import { rect, shortened, text, type Area } from './svg';

/** Draws the VPC: its zones side by side, and across them what is in all zones. */
export function network(site: Site, y: number): Part {
  const columns = columnsOf(site);
  const isNarrow = areNarrow(columns);
  const top = y + LINE + 10;
  const strip = isNarrow ? STRIP + LINE - 3 : STRIP;
  const transit = site.kong ? { y: top + LINE + 6, height: strip + 30 } : { y: top + LINE, height: 0 };
  const inside = transit.y + transit.height + 8;
  const balancer = { ...ACROSS, y: inside + strip, height: BAR };
  const eks = cluster(site, columns, balancer.y + BAR + ARROW);
  const outside = eks.bottom + 18;
  const hasPublic = columns.some(({ zone }) => zone.subnets.some(({ kind }) => kind === 'public'));
  const bottom = outside + (hasPublic ? strip + 16 : 0);
  const attachment = { ...ACROSS, y: transit.y + strip - 2, height: 24 };
  const account = y - ARROW - 4;
  return {
    elements: [
      rect({ ...VPC, y, height: bottom + 8 - y }, 'card', 8),
      text(VPC.x + GAP, y + 20, site.vpcCidr === undefined ? 'Existing VPC' : `VPC ${site.vpcCidr}`, 'bold'),
      text(VPC.x + VPC.width - GAP, y + 20, endpointWords(site), 'soft', 'end'),
      ...columns.flatMap(({ zone, ...span }) => [
        rect({ ...span, y: top, height: bottom - top - 2 }, 'card', 8),
        text(span.x + 18, top + 18, shortened(zone.name, span.width - 28, 'bold'), 'bold'),
        ...(site.kong ? subnet(zone, 'transit', { ...span, ...transit }, isNarrow) : []),
        ...subnet(zone, 'private', { ...span, y: inside, height: eks.bottom + 10 - inside }, isNarrow),
        ...subnet(zone, 'public', { ...span, y: outside, height: strip + 8 }, isNarrow),
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
  return shown.map((zone, index) => ({ zone, ...division(inset(VPC, GAP), shown.length, index) }));
}

function endpointWords({ endpoints }: Site): string {
  if (endpoints.length === 0) return '';
  return `endpoints in the VPC: ${endpoints.length > 4 ? `${String(endpoints.length)} AWS services` : endpoints.join(', ')}`;
}

/** Draws a subnet of a zone, with its range, below its name if the zone is narrow; nothing if the zone has none of this kind. */
function subnet({ subnets }: Zone, kind: string, area: Area, isNarrow: boolean): string[] {
  const found = subnets.find((it) => it.kind === kind);
  if (found === undefined) return [];
  const box = { ...area, ...inset(area, 8) };
  return [
    rect(box, 'frame'),
    text(box.x + 10, box.y + 19, kind, 'soft'),
    isNarrow
      ? text(box.x + 10, box.y + 19 + LINE - 3, found.cidr, 'soft')
      : text(box.x + box.width - 10, box.y + 19, found.cidr, 'soft', 'end'),
    ...(found.nat
      ? single(
          { ...natOf(area, isNarrow), y: box.y + 4, height: isNarrow ? 22 : box.height - 8 },
          isNarrow ? 'NAT' : 'NAT gateway',
          'card',
          'plain',
        )
      : []),
  ];
}

function natOf({ x, width }: Span, isNarrow: boolean): Span {
  return isNarrow ? { x: x + width - 56, width: 42 } : { x: x + 62, width: 104 };
}

/** Draws what nodes download, and through which NAT gateways. */
export function downloads(site: Site, y: number): Part {
  const columns = columnsOf(site);
  const isNarrow = areNarrow(columns);
  const centers = columns
    .filter(({ zone }) => zone.subnets.some(({ nat }) => nat))
    .map((column) => natOf(column, isNarrow))
    .map(({ x, width }) => x + width / 2);
  const [first] = centers;
  if (first === undefined) return { elements: [], bottom: y };
  const box = { x: ACCOUNT.x, y: y + ARROW, width: Math.max(300, (centers.at(-1) ?? 0) - ACCOUNT.x + 52), height: BAR };
  const nat = y - GAP - (isNarrow ? 16 : 20); // below the range in a narrow zone
  return {
    elements: [
      ...centers.map((center) => down(center, nat, box.y, 'aside')),
      ...single(box, 'Registries: images, charts, models', 'card', 'plain'),
    ],
    bottom: box.y + box.height,
  };
}
