import { ISTIO_MINORS, type IstioMinor } from '../catalogue/istio-versions';
import { ValidationError } from '../errors';
import type { IConstruct } from '../framework';

/** A release of Istio, with the catalogue's entry for its minor version. */
export interface IstioRelease {
  /** Full version: `1.31.1`. */
  readonly version: string;
  readonly minor: IstioMinor;
}

/** Returns the newest patch of the newest minor version in the catalogue. */
export function defaultIstioRelease(): IstioRelease {
  const [minor] = ISTIO_MINORS;
  return { version: minor.newest, minor };
}

/**
 * Returns the release with this version.
 * @throws ValidationError unless it is a full version, of a minor version in the catalogue
 */
export function istioRelease(version: string, scope?: IConstruct): IstioRelease {
  const [, name, patch] = /^(1\.\d+)\.(0|[1-9]\d*)$/.exec(version) ?? [];
  const minor = ISTIO_MINORS.find((candidate) => candidate.minor === name);
  if (minor === undefined) {
    throw new ValidationError(
      {
        property: 'version',
        value: version,
        problem: 'is not a supported release of Istio',
        allowed: ISTIO_MINORS.map(({ oldest }) => `${oldest} or a later patch`).join(', '),
        remedy: `use a full version such as "${defaultIstioRelease().version}"`,
      },
      scope,
    );
  }
  if (Number(patch) < Number(minor.oldest.split('.')[2])) {
    throw new ValidationError(
      {
        property: 'version',
        value: version,
        problem: minor.oldestReason,
        allowed: `${minor.oldest} or a later patch`,
        remedy: `use "${minor.newest}"`,
      },
      scope,
    );
  }
  return { version, minor };
}
