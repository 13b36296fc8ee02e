import { Token } from 'cdktf';
import { checkInteger } from '../src/check-integer';
import { refusal } from './refusal';

test.each([0, 1, 7])('%d is a whole number from 0 to 7', (value) => {
  expect(checkInteger('size', value, { min: 0, max: 7 })).toBe(value);
});

test.each([-1, 8, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '3' as unknown as number, Token.asNumber({ token: 1 })])(
  'refuses %p',
  (value) => {
    expect(refusal(() => checkInteger('size', value, { min: 0, max: 7 })).property).toBe('size');
  },
);

test.each([
  [{ min: 1 }, 'an integer of at least 1, known at synth'],
  [{ min: 1, max: 3 }, 'an integer from 1 to 3, known at synth'],
  [{ min: 1, max: 3, unit: 'nodes' }, 'an integer from 1 to 3 (nodes), known at synth'],
  [{ min: 1, max: 3, allowed: 'a few' }, 'a few'],
])('%j allows %s', (rule, allowed) => {
  expect(refusal(() => checkInteger('size', 0, rule)).message).toContain(`allowed: ${allowed};`);
});

test('an error uses the words of the rule', () => {
  const rule = { min: 1, problem: 'is not a wave', remedy: 'choose another' };
  expect(refusal(() => checkInteger('wave', 0, rule)).message).toBe(
    'wave = 0: is not a wave; allowed: an integer of at least 1, known at synth; choose another',
  );
});
