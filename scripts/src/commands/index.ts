import type { CommandModule } from '../program/program';
import { audit } from './audit';
import { client } from './client';
import { consumers } from './consumers';
import { deploy } from './deploy';
import { destroy } from './destroy';
import { diagnose } from './diagnose';
import { doctor } from './doctor';
import { github } from './github';
import { init } from './init';
import { kong } from './kong';
import { konnect } from './konnect';
import { models } from './models';
import { open } from './open';
import { render } from './render';
import { scale } from './scale';
import { status } from './status';
import { verify } from './verify';

/** Every command, in the order in which help shows them. */
export const COMMANDS: readonly CommandModule[] = [
  doctor,
  deploy,
  status,
  consumers,
  kong,
  konnect,
  github,
  verify,
  open,
  render,
  init,
  audit,
  diagnose,
  models,
  scale,
  client,
  destroy,
];
