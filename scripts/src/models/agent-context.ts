/** Context for coding agents. @see https://docs.ollama.com/context-length */
export const AGENT_CONTEXT = 65_536;
