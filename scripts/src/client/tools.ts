import { claude } from './claude';
import { codex } from './codex';
import { continueDev } from './continue';
import { opencode } from './opencode';
import type { Tool } from './tool-config';

/** The tools that can be configured, as help lists them. */
export const TOOLS: readonly Tool[] = [claude, codex, continueDev, opencode];
