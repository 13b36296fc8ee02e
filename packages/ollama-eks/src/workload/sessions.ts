/**
 * Headers in which coding agents send their session: Claude Code, Codex, and OpenCode.
 * @see https://github.com/router-for-me/CLIProxyAPI/issues/4452
 * @see https://github.com/openai/codex/pull/21757
 * @see https://github.com/diegosouzapw/OmniRoute/pull/4028
 */
const AGENT_HEADERS = ['X-Claude-Code-Session-Id', 'Session-Id', 'X-Session-Id'] as const;

/** Header that the gateway hashes by default. */
export const [SESSION_HEADER] = AGENT_HEADERS;

/**
 * Returns the headers that name a session, in order of precedence. The gateway hashes the first one, and copies the others to
 * it, because a DestinationRule hashes only one header.
 */
export function sessionHeaders(hashed: string = SESSION_HEADER): readonly [string, ...string[]] {
  return [hashed, ...AGENT_HEADERS.filter((header) => header.toLowerCase() !== hashed.toLowerCase())];
}

/** Whether a session can have a server of its own: the pools have more than one server when all of them run. */
export function hasSessions(pools: readonly { readonly replicas: number }[]): boolean {
  return pools.reduce((total, { replicas }) => total + Math.max(1, replicas), 0) > 1;
}
