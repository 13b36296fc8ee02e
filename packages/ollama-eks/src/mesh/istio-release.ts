import { ISTIO_MINORS, type IstioMinor } from '../catalogue/istio-versions';
import { ValidationError } from '../errors';
import type { IConstruct } from '../framework';

/** A release of Istio, and what is known of its minor version. */
export interface IstioRelease {
  /** `1.31.1`. */
  readonly version: string;
  readonly minor: IstioMinor;
}

/** The newest patch of the newest minor in the catalogue. */
export function defaultIstioRelease(): IstioRelease {
  const [minor] = ISTIO_MINORS;
  return { version: minor.newest, minor };
}

/** The release that a version names. Throws a `ValidationError` unless it is a full release of a minor in the catalogue. */
export function istioRelease(version: string, scope?: IConstruct): IstioRelease {
  const [, name, patch] = /^(1\.\d+)\.(0|[1-9]\d*)$/.exec(version) ?? [];
  const minor = ISTIO_MINORS.find((candidate) => candidate.minor === name);
  if (minor === undefined) {
    throw new ValidationError(
      {
        property: 'version',
        value: version,
        problem: 'this is no release of an Istio whose chart values are known here',
        allowed: ISTIO_MINORS.map(({ oldest }) => `${oldest} or a later patch of it`).join(', '),
        remedy: `name a full version such as "${defaultIstioRelease().version}"`,
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
