import { ISTIO_MINORS, type IstioMinor } from '../catalogue/istio-versions';
import { PINS } from '../catalogue/pins';
import { ValidationError } from '../errors';
import type { IConstruct } from '../framework';

/** A release of Istio, with the catalogue's entry for its minor version. */
export interface IstioRelease {
  /** Full version: `1.31.1`. */
  readonly version: string;
  /** Its minor version; that of the newest one in the catalogue if it is newer. */
  readonly minor: IstioMinor;
  /** What users should know about the release, as a sentence; undefined if its minor version was tested. */
  readonly warning?: string;
}

/** Returns the newest patch of the newest minor version in the catalogue. */
export function defaultIstioRelease(): IstioRelease {
  const [minor] = ISTIO_MINORS;
  return { version: minor.newest, minor };
}

/**
 * Returns the release with this version. One of a newer minor version than those in the catalogue is accepted, with a warning: a
 * security release must not wait for this library.
 * @throws ValidationError unless it is a full version, of a minor version in the catalogue or of a newer one
 */
export function istioRelease(version: string, scope?: IConstruct): IstioRelease {
  const parts = /^1\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(version) ?? [];
  const [, number = NaN, patch = NaN] = parts.map(Number);
  const [newest] = ISTIO_MINORS;
  const minor = ISTIO_MINORS.find((candidate) => minorNumber(candidate) === number);
  if (number > minorNumber(newest)) return { version, minor: newest, warning: untested(version) };
  if (minor === undefined) {
    throw new ValidationError(
      {
        property: 'version',
        value: version,
        problem: 'is not a supported release of Istio',
        allowed: `${ISTIO_MINORS.map(({ oldest }) => `${oldest} or a later patch`).join(', ')}, or a later minor version`,
        remedy: `use a full version such as "${defaultIstioRelease().version}"`,
      },
      scope,
    );
  }
  if (patch < Number(minor.oldest.split('.')[2])) {
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

function minorNumber({ minor }: IstioMinor): number {
  return Number(minor.split('.')[1]);
}

function untested(version: string): string {
  const { version: tested, verified } = PINS.istio;
  const [{ gatewayApi }] = ISTIO_MINORS;
  return (
    `Istio ${version} is newer than any release that was tested: the charts’ values, policies and resources were tested with ` +
    `${tested} and Gateway API ${gatewayApi.gatewayApiVersion} on ${verified}. Read its upgrade notes, and try it outside production first.`
  );
}
