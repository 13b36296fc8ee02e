import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addedModel, readAddedModels } from '../../src/catalogue/added-models';
import { modelFigures } from '../../src/catalogue/model';
import { fit } from '../../src/sizing/fit';
import { refusal } from '../refusal';

const folder = mkdtempSync(join(tmpdir(), 'ollama-eks-added-'));
const FILE = join(folder, 'ollama-models.json');
const ENTRY = {
  name: 'hf.co/acme/coder-GGUF:Q4_K_M',
  digest: `sha256:${'a'.repeat(64)}`,
  figures: modelFigures('qwen3:8b'),
};

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(content: unknown): void {
  writeFileSync(FILE, typeof content === 'string' ? content : JSON.stringify(content));
}

test('returns an entry, which can be served without the catalogue', () => {
  write({ formatVersion: 1, models: { coder: ENTRY } });
  expect(addedModel('coder', FILE)).toEqual(ENTRY);
  const served = fit({ ...addedModel('coder', FILE), contextLength: 16_384 }, 'g5.xlarge');
  expect([served.fits, served.models[0]?.model.name]).toEqual([true, ENTRY.name]);
});

test('without a file, there are no models', () => {
  expect(readAddedModels(join(folder, 'none.json'))).toBeUndefined();
});

describe('refuses', () => {
  test.each<[string, unknown, string, RegExp]>([
    ['text', 'not json', 'coder', /ollama-models\.json: is not JSON; .*restore it from Git/],
    ['another format', { formatVersion: 2, models: {} }, 'coder', /has a format that is not supported/],
    ['a list', [], 'coder', /has a format that is not supported/],
    ['null', 'null', 'coder', /has a format that is not supported/],
    ['a file without models', { formatVersion: 1 }, 'coder', /has a format that is not supported/],
    [
      'an unknown alias',
      { formatVersion: 1, models: { coder: ENTRY } },
      'coders',
      /alias = "coders": .*allowed: coder; /,
    ],
    ['an inherited name', { formatVersion: 1, models: {} }, 'toString', /allowed: none: the file is empty/],
    [
      'a bad digest',
      { formatVersion: 1, models: { coder: { ...ENTRY, digest: 'x' } } },
      'coder',
      /coder: has no valid name/,
    ],
    [
      'a bad name',
      { formatVersion: 1, models: { coder: { ...ENTRY, name: '' } } },
      'coder',
      /coder: has no valid name/,
    ],
    [
      'null as an entry',
      { formatVersion: 1, models: { coder: null } },
      'coder',
      /remove it from the file, then run `ollama-eks models add NAME --as coder`/,
    ],
    [
      'bad figures',
      { formatVersion: 1, models: { coder: { ...ENTRY, figures: { ...ENTRY.figures, blockCount: 0 } } } },
      'coder',
      /coder\.figures\.blockCount = 0: /,
    ],
  ])('%s', (_, content, alias, message) => {
    write(content);
    expect(refusal(() => addedModel(alias, FILE)).message).toMatch(message);
  });

  test('a file that does not exist', () => {
    const { message } = refusal(() => addedModel('coder', join(folder, 'none.json')));
    expect(message).toMatch(/none\.json: does not exist; .*run `ollama-eks models add NAME --as coder`$/);
  });

  test('a folder in its place, with the code of the system', () => {
    expect(refusal(() => addedModel('coder', folder)).message).toMatch(/: cannot be read \(EISDIR\); /);
  });
});
