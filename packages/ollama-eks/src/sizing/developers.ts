/**
 * Tokens that the agent of a developer at work lets a model write in an hour: 120 turns of 150 tokens. A planning value that was never
 * measured.
 */
export const DEVELOPER_TOKENS_PER_HOUR = 18_000;
/** Share of what an endpoint can write that is planned with, so that a turn rarely waits: a planning value. */
export const PLANNED_SHARE = 0.5;

/**
 * Returns how many developers can have coding agents at work at the same time.
 * @param tokensPerSecond tokens that all servers write in a second, for all of them together
 */
export function developers(tokensPerSecond: number): number {
  return Math.floor((tokensPerSecond * 3600 * PLANNED_SHARE) / DEVELOPER_TOKENS_PER_HOUR);
}
