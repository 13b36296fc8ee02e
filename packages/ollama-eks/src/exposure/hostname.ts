import { DNS_SUBDOMAIN } from '../catalogue/kubernetes-names';
import { ValidationError } from '../errors';
import { Token } from '../framework';

/** Longest common name of a certificate. @see https://www.rfc-editor.org/rfc/rfc5280 appendix A (ub-common-name) */
const COMMON_NAME_LIMIT = 64;
/** @see https://www.rfc-editor.org/rfc/rfc1123 section 2.1, in lowercase as Kubernetes requires */
const HOSTNAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;
/** A name that ends in a number is an address. @see https://url.spec.whatwg.org/#ends-in-a-number-checker */
const ADDRESS = /\.\d+$/;

/** Checks a hostname that appears in Git and in a certificate, and returns it. */
export function checkHostname(property: string, hostname: string): string {
  const isKnown = !Token.isUnresolved(hostname) && !ADDRESS.test(hostname);
  if (isKnown && hostname.length <= COMMON_NAME_LIMIT && HOSTNAME.test(hostname)) return hostname;
  throw new ValidationError({
    property,
    value: Token.isUnresolved(hostname) ? '<token>' : hostname,
    problem: 'must be a hostname known at synth',
    allowed: `at least two lowercase labels with dots between them, at most ${COMMON_NAME_LIMIT} characters, not an address`,
    remedy: 'use a name like llm.example.com',
  });
}

/** Checks the name of the Secret with the user's certificate, which appears in Git. */
export function checkSecretName(secretName: string): void {
  const isKnown = !Token.isUnresolved(secretName);
  if (isKnown && DNS_SUBDOMAIN.test(secretName)) return;
  throw new ValidationError({
    property: 'certificate.secretName',
    value: isKnown ? secretName : '<token>',
    problem: 'must be the name of a Secret, known at synth',
    allowed: 'lowercase letters, digits, hyphens and dots, at most 253 characters',
    remedy: 'use the name of the Secret without its namespace',
  });
}
