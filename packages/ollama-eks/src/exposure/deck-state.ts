// https://developer.konghq.com/deck/reference/entities/
import { SCALAR_STYLE, type ScalarStyleRule } from 'js-yaml';
import { toYaml } from '../yaml';
import type { HttpMethod } from './routes';

/** decK's state file, limited to the fields used here. */
export interface DeckState {
  readonly _format_version: '3.0';
  readonly _info: { readonly select_tags: readonly string[] };
  readonly ca_certificates?: readonly { readonly id: string; readonly cert: string }[];
  readonly upstreams?: readonly DeckUpstream[];
  readonly services?: readonly DeckService[];
  readonly consumers?: readonly DeckConsumer[];
}

/** Targets of a service's requests. */
export interface DeckUpstream {
  readonly name: string;
  /** Hostname sent to the server, which its certificate must contain. */
  readonly host_header: string;
  readonly targets: readonly { readonly target: string }[];
}

/** Destination of Kong's requests, over TLS, with time-outs. */
export interface DeckService {
  readonly name: string;
  /** Name of an upstream. */
  readonly host: string;
  readonly port: number;
  readonly protocol: 'https';
  readonly ca_certificates: readonly string[];
  readonly tls_verify: true;
  /** Milliseconds. */
  readonly connect_timeout: number;
  /** Milliseconds between two reads. */
  readonly read_timeout: number;
  /** Milliseconds between two writes. */
  readonly write_timeout: number;
  readonly retries: number;
  readonly plugins: readonly DeckPlugin[];
  readonly routes: readonly DeckRoute[];
}

/** Selects requests for a service. */
export interface DeckRoute {
  readonly name: string;
  readonly hosts?: readonly string[];
  readonly methods: readonly HttpMethod[];
  /** Regular expressions, marked with a tilde. Kong anchors them at the start. */
  readonly paths: readonly string[];
  readonly protocols: readonly ['https'];
  readonly strip_path: false;
  readonly preserve_host: false;
  readonly request_buffering: boolean;
  readonly response_buffering: boolean;
  /** Plugins of this route, in addition to those of its service. */
  readonly plugins?: readonly DeckPlugin[];
}

/** A plugin of a service or route, with its configuration. */
export interface DeckPlugin {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A team that may send requests, with its keys and groups. */
export interface DeckConsumer {
  readonly username: string;
  readonly keyauth_credentials: readonly { readonly key: string }[];
  readonly acls?: readonly { readonly group: string }[];
}

/**
 * Returns a placeholder for a value that differs per installation: decK inserts the environment variable's text before it
 * parses the YAML.
 * @see https://developer.konghq.com/deck/reference/env/
 */
export function fromEnvironment(variable: `DECK_${string}`): string {
  return `\${{ env "${variable}" }}`;
}

/** Returns a placeholder for multiline text in a YAML block, whose lines are indented by `indent`. */
export function blockFromEnvironment(variable: `DECK_${string}`, indent: number): string {
  return `\${{ env "${variable}" | indent ${indent} }}\n`;
}

/** Returns the environment variables that a state file uses, in order of appearance. */
export function variablesOf(content: string): readonly string[] {
  return [...new Set([...content.matchAll(/\$\{\{\s*env\s+"(\w+)"/g)].map(([, name]) => name as string))];
}

/** Without quotes, a key that consists of digits would become a number. */
const quoteValuesFromEnvironment: ScalarStyleRule = (layout) => {
  const { value } = layout.node;
  if (value.includes('${{') && !value.includes('\n')) layout.style = SCALAR_STYLE.SINGLE_QUOTED;
};

/** Renders a state file. Values from the environment are quoted, or YAML blocks if they have several lines. */
export function renderDeckState(state: DeckState, comment: string): string {
  const lines = comment.split('\n').map((line) => `#${line}\n`);
  return `${lines.join('')}\n${toYaml(state, quoteValuesFromEnvironment)}`;
}
