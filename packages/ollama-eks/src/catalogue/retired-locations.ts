/** @see https://istio.io/latest/blog/2026/retirement-of-gcp/ */

/** An address that stops answering, and what takes its place. */
export interface RetiredLocation {
  /** Host, with the part of the path that tells it apart. */
  readonly location: string;
  readonly replacement: string;
}

/** Istio's charts and images at Google, removed in December 2026; versions from 1.31 on were never published there. */
export const RETIRED_LOCATIONS: readonly RetiredLocation[] = [
  {
    location: 'istio-release.storage.googleapis.com',
    replacement: 'https://blob.istio.io/istio-release/charts or oci://ghcr.io/istio/release/charts',
  },
  { location: 'gcr.io/istio-release', replacement: 'docker.io/istio' },
  { location: 'registry.istio.io', replacement: 'docker.io/istio' },
];

/** The retired location that a text mentions, if it mentions one. */
export function retiredLocationIn(text: string): RetiredLocation | undefined {
  const lower = text.toLowerCase();
  return RETIRED_LOCATIONS.find(({ location }) => lower.includes(location));
}
