// https://developer.konghq.com/deck/reference/entities/
import { SCALAR_STYLE, type ScalarStyleRule } from 'js-yaml';
import { toYaml } from '../yaml';
import type { HttpMethod } from './routes';

/** decK's state file, as far as it is used here. */
export interface DeckState {
  readonly _format_version: '3.0';
  readonly _info: { readonly select_tags: readonly string[] };
  readonly ca_certificates?: readonly { readonly id: string; readonly cert: string }[];
  readonly upstreams?: readonly DeckUpstream[];
  readonly services?: readonly DeckService[];
  readonly consumers?: readonly DeckConsumer[];
}

/** Targets that a service sends requests to. */
export interface DeckUpstream {
  readonly name: string;
  /** Name that the server is asked by, and that its certificate has to carry. */
  readonly host_header: string;
  readonly targets: readonly { readonly target: string }[];
}

/** Where Kong sends requests, over TLS, and how long it waits. */
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

/** Which requests a service gets. */
export interface DeckRoute {
  readonly name: string;
  readonly hosts?: readonly string[];
  readonly methods: readonly HttpMethod[];
  /** Regular expressions, marked by a tilde; Kong anchors them at the start. */
  readonly paths: readonly string[];
  readonly protocols: readonly ['https'];
  readonly strip_path: false;
  readonly preserve_host: false;
  readonly request_buffering: boolean;
  readonly response_buffering: boolean;
  /** Plugins of this route alone, beside those of its service. */
  readonly plugins?: readonly DeckPlugin[];
}

/** A plugin of a service or of a route, with its configuration. */
export interface DeckPlugin {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A team that may call, with its keys and groups. */
export interface DeckConsumer {
  readonly username: string;
  readonly keyauth_credentials: readonly { readonly key: string }[];
  readonly acls?: readonly { readonly group: string }[];
}

/**
 * A value that differs per installation: decK puts the environment variable's text here before it reads the YAML.
 * @see https://developer.konghq.com/deck/reference/env/
 */
export function fromEnvironment(variable: `DECK_${string}`): string {
  return `\${{ env "${variable}" }}`;
}

/** The same for text of several lines, which stands in a block: what follows a line break is indented by as much. */
export function blockFromEnvironment(variable: `DECK_${string}`, indent: number): string {
  return `\${{ env "${variable}" | indent ${indent} }}\n`;
}

/** Environment variables that a state file takes its values from, in order of appearance. */
export function variablesOf(content: string): readonly string[] {
  return [...new Set([...content.matchAll(/\$\{\{\s*env\s+"(\w+)"/g)].map(([, name]) => name as string))];
}

/** A key of digits alone would become a number. */
const quoteValuesFromEnvironment: ScalarStyleRule = (layout) => {
  const { value } = layout.node;
  if (value.includes('${{') && !value.includes('\n')) layout.style = SCALAR_STYLE.SINGLE_QUOTED;
};

/** Writes a state file. One-line values from the environment are quoted; several-line ones stand in blocks. */
export function renderDeckState(state: DeckState, comment: string): string {
  const lines = comment.split('\n').map((line) => `#${line}\n`);
  return `${lines.join('')}\n${toYaml(state, quoteValuesFromEnvironment)}`;
}
