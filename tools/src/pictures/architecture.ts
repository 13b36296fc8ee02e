import { describeSite } from './description';
import { ACCOUNT, ARROW, BAR, CENTER, double, DOUBLE, down, GAP, single, WIDTH, type Part, type Span } from './layout';
import { downloads, network } from './network';
import type { Site } from './site';
import { arrow, document, rect, text, type Theme } from './svg';

/** A box in the path of a request, outside the VPC. */
const ENTRY: Span = { x: CENTER - 175, width: 350 };

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
      down(CENTER, top - ARROW - 4, box.y),
      text(CENTER + 10, top - 10, 'HTTPS', 'soft'),
      ...single(box, 'Transit gateway, shared with Kong only', 'path'),
    ],
    bottom: box.y + box.height,
  };
}
