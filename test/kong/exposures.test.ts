import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as library from '@org/ollama-eks';
import { EXPOSURES } from './support/exposures';

const FOLDER = join(__dirname, '../../packages/ollama-eks/src/exposure');

test('every exposure is exported, and listed for the tests with Terraform and OpenTofu', () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('-exposure.ts'));
  const exported = Object.keys(library).filter((name) => name.endsWith('Exposure'));
  const listed = Object.values(EXPOSURES).map((make) => make().exposure.constructor.name);
  expect(exported).toHaveLength(files.length);
  expect([...new Set(listed)].sort()).toEqual(exported.sort());
});
