import { creationTime } from '../../src/catalogue/creation-times';
import { modelFigures } from '../../src/catalogue/model';
import { coldStart } from '../../src/sizing/cold-start';
import { firstAnswerSeconds } from '../../src/sizing/first-answer';

const START = { coldLoadSeconds: 20 };
const withoutPull = Object.values({ ...coldStart(START) } as Record<string, number>).reduce((sum, one) => sum + one, 0);

test('the pull is that of the reported model, and as long for each byte of another', () => {
  const reported = creationTime('model_pull').seconds;
  const { bytes } = modelFigures('qwen3-coder:30b');
  expect(firstAnswerSeconds(START)).toBe(withoutPull + reported);
  expect(firstAnswerSeconds({ ...START, modelBytes: bytes })).toBe(withoutPull + reported);
  expect(firstAnswerSeconds({ ...START, modelBytes: bytes / 2 })).toBe(withoutPull + reported / 2);
});

test('it is never faster than network and disk', () => {
  expect(firstAnswerSeconds({ ...START, pullSeconds: 1000 })).toBe(withoutPull + 1000);
});

test('a warm pool does not help the first start', () => {
  const warm = { ...START, preparedNodes: 1 };
  expect(firstAnswerSeconds(warm)).toBe(firstAnswerSeconds(START));
});
