/** @see https://istio.io/latest/blog/2026/retirement-of-gcp/ */

/** A location that stops working, and its replacement. */
export interface RetiredLocation {
  /** Host, and the part of the path that identifies the location. */
  readonly location: string;
  readonly replacement: string;
}

/** Locations of Istio's charts and images at Google, removed in December 2026; 1.31 and later were never published there. */
export const RETIRED_LOCATIONS: readonly RetiredLocation[] = [
  {
    location: 'istio-release.storage.googleapis.com',
    replacement: 'https://blob.istio.io/istio-release/charts or oci://ghcr.io/istio/release/charts',
  },
  { location: 'gcr.io/istio-release', replacement: 'docker.io/istio' },
  { location: 'registry.istio.io', replacement: 'docker.io/istio' },
];

/** Returns the retired location that a text mentions, if any. */
export function retiredLocationIn(text: string): RetiredLocation | undefined {
  const lower = text.toLowerCase();
  return RETIRED_LOCATIONS.find(({ location }) => lower.includes(location));
}
