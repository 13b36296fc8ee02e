import { SUMMARY_FILE, type SummaryFile } from '@org/ollama-eks/pure';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliRig } from './rig';

jest.mock('../../src/verify/verify', () => jest.requireActual<object>('./verify-double'));
jest.setTimeout(30_000);

test('leftovers do not include the logs and load balancers of an existing cluster, which others use', async () => {
  const rig = new CliRig();
  await rig.deploy();
  const file = join(rig.directory, 'cdktf.out/stacks/infra', SUMMARY_FILE);
  const { clusters, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as SummaryFile;
  writeFileSync(file, JSON.stringify({ ...rest, clusters: clusters.map((one) => ({ ...one, existing: true })) }));
  rig.tools.aws.logGroups.push('/aws/eks/ollama-g5-12xlarge/cluster');
  rig.tools.aws.volumes.push({ VolumeId: 'vol-0123', Size: 200, State: 'available', cluster: 'ollama-g5-12xlarge' });
  const end = await rig.destroy();
  rig.dispose();
  expect(end.out).toContain('vol-0123');
  expect(end.out + end.err).not.toContain('/aws/eks/');
});
