import { model, modelNames } from '../../src/catalogue/model';
import { modelPurposes, MODEL_PURPOSES } from '../../src/catalogue/model-purposes';

test.each(modelNames())('%s is for embeddings exactly if its figures say so, and for chat otherwise', (name) => {
  const purposes = modelPurposes(name);
  expect(purposes).toContain(model(name).embedding === true ? 'embedding' : 'chat');
  expect(purposes.includes('embedding')).toBe(model(name).embedding === true);
  expect(MODEL_PURPOSES).toEqual(expect.arrayContaining([...purposes]));
});

test.each(modelNames())('%s has a projector exactly if it is for vision', (name) => {
  expect(modelPurposes(name).includes('vision')).toBe(model(name).projectorBytes !== undefined);
});

test('each purpose has a model', () => {
  const found = new Set(modelNames().flatMap(modelPurposes));
  expect([...found].sort()).toEqual([...MODEL_PURPOSES].sort());
});
