import type { CommandModule } from '../program';

/** Every command, in the order in which help shows them. */
export const COMMANDS: readonly CommandModule[] = [];
