// Apart from scraper.ts, whose types the public API reaches: users do not have kubernetes-types.
import type { NetworkPolicyIngressRule, NetworkPolicyPeer } from 'kubernetes-types/networking/v1';
import { HBONE_PORT } from '../catalogue/ambient';
import { podsOf, tcp } from './network-policy';
import { isManagedCollector, type Scraper } from './scraper';

/** Label that the Prometheus operator sets on the pods of every Prometheus. */
const PROMETHEUS_LABELS = { 'app.kubernetes.io/name': 'prometheus' };

/** Returns where a collector connects from, for a NetworkPolicy. */
export function scraperPeers(scraper: Scraper): NetworkPolicyPeer[] {
  return isManagedCollector(scraper)
    ? scraper.cidrs.map((cidr) => ({ ipBlock: { cidr } }))
    : [podsOf(scraper.namespace, PROMETHEUS_LABELS)];
}

/** Returns the rule by which a pod of the mesh admits a collector to a port: through the mesh or, where it is outside, in cleartext. */
export function meshedScrape(scraper: Scraper, port: number): NetworkPolicyIngressRule {
  return { from: scraperPeers(scraper), ports: tcp(isManagedCollector(scraper) ? port : HBONE_PORT) };
}
