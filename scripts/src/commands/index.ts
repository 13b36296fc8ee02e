import type { CommandModule } from '../program';
import { verify } from './verify';

/** Every command, in the order in which help shows them. */
export const COMMANDS: readonly CommandModule[] = [verify];
