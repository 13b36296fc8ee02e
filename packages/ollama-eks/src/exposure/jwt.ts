// https://istio.io/latest/docs/reference/config/security/request_authentication/
import { listOf, required, shapeOf, TEXT } from '../check-props';
import { checkForm } from '../check-text';
import { ValidationError } from '../errors';
import { Token } from '../framework';

/** Claim that names the team of a caller. */
export interface TeamClaimOptions {
  /**
   * Name of the claim, such as `groups` or `https://example.com/team`; its value is a text or a list of texts. Tokens without it are
   * refused.
   */
  readonly claim: string;
  /** Teams that may use the models. A change admits and refuses callers at once. @default - every team */
  readonly teams?: readonly string[];
}

/**
 * Tokens that callers must send: JSON Web Tokens of the company's identity provider, IAM Identity Center, or GitHub's OIDC. A change
 * admits and refuses callers at once.
 */
export interface JwtOptions {
  /** Issuer, exactly as in the claim `iss`: `https://login.example.com`. Known at synth. */
  readonly issuer: string;
  /** Audiences, of which the claim `aud` must contain one. At least one: the issuer's tokens for other services are refused. */
  readonly audiences: readonly string[];
  /** HTTPS URL of the issuer's public keys, which istiod must reach: it fetches them, and again every 20 minutes. */
  readonly jwksUri: string;
  /** Claim that names the team. @default - every token with the issuer, an audience and a subject is admitted */
  readonly team?: TeamClaimOptions;
}

/** What `jwt` must be, for callers without types. */
export const JWT_RULE = shapeOf<JwtOptions>({
  issuer: required(TEXT),
  audiences: required(listOf(TEXT)),
  jwksUri: required(TEXT),
  team: shapeOf<TeamClaimOptions>({ claim: required(TEXT), teams: listOf(TEXT) }),
});

/** What identity providers put into `iss` and `aud`, and names of claims, without the characters that Istio reads as patterns. */
const LITERAL = {
  pattern: /^[^\s\p{Cc}*[\]]{1,255}$/u,
  allowed: '1 to 255 characters without spaces, * and brackets, known at synth',
};
/** Names of teams, which may have spaces. */
const TEAM = {
  pattern: /^(?! )[^\p{Cc}*]{1,255}(?<! )$/u,
  allowed: '1 to 255 characters without *, and without a space at either end, known at synth',
};

/** Refuses tokens that could not be verified, or that would admit others than intended. */
export function checkJwt({ issuer, audiences, jwksUri, team }: JwtOptions): void {
  checkLiteral('jwt.issuer', issuer, 'copy `issuer` of the provider’s /.well-known/openid-configuration');
  checkSome('jwt.audiences', audiences, 'every token of the issuer for any other service would be refused');
  audiences.forEach((audience, index) => {
    checkLiteral(
      `jwt.audiences[${index}]`,
      audience,
      'use the client id that your identity provider issues for this endpoint',
    );
  });
  checkUrl('jwt.jwksUri', jwksUri);
  if (team === undefined) return;
  checkLiteral('jwt.team.claim', team.claim, 'use the name of a claim that the token has, such as groups');
  if (team.teams === undefined) return;
  checkSome('jwt.team.teams', team.teams, 'nobody could use the models');
  team.teams.forEach((name, index) => {
    checkForm(`jwt.team.teams[${index}]`, name, { ...TEAM, remedy: 'use the value that the claim has in a token' });
  });
}

function checkLiteral(property: string, value: string, remedy: string): void {
  checkForm(property, value, { ...LITERAL, remedy });
}

function checkSome(property: string, values: readonly string[], consequence: string): void {
  if (values.length > 0) return;
  throw new ValidationError({
    property,
    value: values,
    problem: `is empty: ${consequence}`,
    allowed: 'at least one value',
    remedy:
      property === 'jwt.audiences' ? 'add the audience of your tokens' : 'add a team, or omit it to admit every team',
  });
}

/** Refuses other URLs, and credentials in them without repeating them. */
function checkUrl(property: string, url: string): void {
  const allowed = 'an https URL without credentials, known at synth';
  const remedy = 'copy `jwks_uri` of the provider’s /.well-known/openid-configuration';
  if (!Token.isUnresolved(url) && url.includes('@')) {
    throw new ValidationError({
      property,
      problem: 'contains credentials, which would be rendered to Git',
      allowed,
      remedy,
    });
  }
  checkForm(property, url, { pattern: /^https:\/\/[^\s/?#:]+(?::\d{1,5})?(?:[/?][^\s#]*)?$/, allowed, remedy });
}
