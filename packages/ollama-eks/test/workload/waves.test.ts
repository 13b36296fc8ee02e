import { checkApplications } from '../../src/gitops/checks/check-applications';
import { ollamaApplications } from '../../src/workload/applications';
import { applications } from '../gitops/support/applications';
import { waveScenarios } from '../gitops/support/wave-scenarios';
import { VARIANTS, workloadSpec } from './workload-fixture';

/** Applications around the workload: the mesh before it, the gateway after it. */
const OTHERS = applications().filter(({ namespace }) => namespace.name !== 'ollama');

it.each(Object.entries(VARIANTS))('the deliveries accept %s', (_, spec) => {
  expect(() => checkApplications([...OTHERS, ...ollamaApplications(spec)])).not.toThrow();
});

waveScenarios('the workload', [...OTHERS, ...ollamaApplications(workloadSpec())]);
