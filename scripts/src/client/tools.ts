import { aider } from './aider';
import { claude } from './claude';
import { codex } from './codex';
import { continueDev } from './continue';
import { opencode } from './opencode';
import { qwen } from './qwen';
import type { Tool } from './tool-config';

/** Tools that can be configured, in the order of help. */
export const TOOLS: readonly Tool[] = [aider, claude, codex, continueDev, opencode, qwen];
