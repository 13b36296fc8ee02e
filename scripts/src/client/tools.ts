import { aider } from './aider';
import { claude } from './claude';
import { codex } from './codex';
import { continueDev } from './continue';
import { opencode } from './opencode';
import { qwen } from './qwen';
import type { Tool } from './tool-config';

/** The tools that can be configured, as help lists them. */
export const TOOLS: readonly Tool[] = [aider, claude, codex, continueDev, opencode, qwen];
