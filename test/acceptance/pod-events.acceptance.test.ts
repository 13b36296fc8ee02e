/**
 * Random sequences of events in a pod with the server's script. By default, a part of them; `OLLAMA_EKS_SEQUENCES=200` runs that
 * many. The name of a test has the seed of its sequence.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { randomNumbers } from '../support/random-numbers';
import { POD_EVENTS, PodLife } from '../workload/pod-life';

const SEQUENCES = Number(process.env['OLLAMA_EKS_SEQUENCES'] ?? 8);
const EVENTS = 6;
/** Longest pause between two events in milliseconds: about the time of a stream. */
const PAUSE = 300;

jest.setTimeout(180_000);

test.each(Array.from({ length: SEQUENCES }, (_, index) => index + 1))(
  'sequence %d: no stream is cut, the pod is never ready with a model that hangs, and no healthy server is restarted',
  async (seed) => {
    const random = randomNumbers(seed);
    const life = await new PodLife().start();
    const happened: string[] = [];
    try {
      for (let count = 0; count < EVENTS; count += 1) {
        const event = POD_EVENTS[Math.floor(random() * POD_EVENTS.length)] ?? 'kill';
        happened.push(event);
        await life.streaming();
        const done = life.happens(event);
        await sleep(random() * PAUSE);
        if (random() < 0.5) await done;
      }
      await life.recovers();
      expect([happened, life.violations]).toEqual([happened, []]);
    } finally {
      await life.end();
    }
  },
);
