import { ValidationError } from '../errors';
import { deckFiles } from './deck-files';
import { variablesOf } from './deck-state';
import { DECK_VARIABLES } from './kong-config';

/** Rule for a variable's value. decK inserts it into the YAML verbatim, so a quote or a line break could inject anything. */
interface Rule {
  readonly pattern: RegExp;
  readonly allowed: string;
  /** Whether an error may show the value. */
  readonly secret: boolean;
}

/** @see https://www.rfc-editor.org/rfc/rfc1123 section 2.1 */
const HOSTNAME: Rule = {
  pattern: /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/i,
  allowed: 'a hostname with at least one dot, and no port',
  secret: false,
};

/**
 * A single certificate: Kong refuses a chain with "please submit only one certificate at a time".
 * @see https://www.rfc-editor.org/rfc/rfc7468 section 3
 * @see https://github.com/Kong/kong/blob/master/kong/db/schema/entities/ca_certificates.lua
 */
const CERTIFICATE: Rule = {
  pattern: /^-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/]{1,64}\n)+[A-Za-z0-9+/]*={0,2}\n?-----END CERTIFICATE-----\n?$/,
  allowed: "the authority's certificate alone, as PEM with real line breaks",
  secret: false,
};

/** Printable characters without a meaning in YAML or a shell. 32 random bytes in base64url are 43 characters. */
const KEY: Rule = {
  pattern: /^[A-Za-z0-9._~+/=-]{32,256}$/,
  allowed: '32 to 256 letters, digits and ._~+/=-',
  secret: true,
};

const RULES: Readonly<Record<string, Rule>> = {
  [DECK_VARIABLES.upstreamHost]: HOSTNAME,
  [DECK_VARIABLES.gatewayHostname]: HOSTNAME,
  [DECK_VARIABLES.adminHostname]: HOSTNAME,
  [DECK_VARIABLES.caCertificate]: CERTIFICATE,
};

/**
 * Checks the environment variables that a state file uses, before decK reads them. Errors do not contain keys.
 * @param content the state file; by default the committed configuration
 * @throws ValidationError for the first variable that is missing, empty, or could change the structure of the file
 */
export function checkDeckEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  content: string = deckFiles()['kong-config.yaml'],
): void {
  for (const variable of variablesOf(content)) {
    const rule = RULES[variable] ?? KEY;
    const value = environment[variable];
    if (value !== undefined && rule.pattern.test(value)) continue;
    throw new ValidationError({
      property: variable,
      value: rule.secret ? undefined : value,
      problem: value === undefined ? 'is not set' : 'is not valid in a state file',
      allowed: rule.allowed,
      remedy: 'set it in the environment of the command',
    });
  }
}
