import { planEffects, type PlannedChange } from '@org/ollama-eks/pure';
import { withReplacement } from './fixed-arguments';

/** An update, as a stand-in plans it. */
function update(type: string, before: object, after: object): PlannedChange {
  return { address: `${type}.x`, type, name: 'x', change: { actions: ['update'], before, after } };
}

const effects = (planned: PlannedChange) =>
  planEffects({ resource_changes: [withReplacement(planned)] }).map(({ effect, causes }) => [effect, causes]);

test.each([
  ['helm_release', { namespace: 'a' }, { namespace: 'b' }, 'namespace'],
  ['kubernetes_namespace_v1', { metadata: [{ name: 'a' }] }, { metadata: [{ name: 'b' }] }, 'metadata[0].name'],
  ['tls_self_signed_cert', { subject: [{ common_name: 'a' }] }, { subject: [{ common_name: 'b' }] }, 'subject'],
])('%s is replaced if a fixed argument changes', (type, before, after, cause) => {
  expect(effects(update(type, before, after))).toEqual([['loses', [cause]]]);
});

test('other arguments change in place', () => {
  const labels = (value: string) => ({ metadata: [{ name: 'a', labels: { value } }] });
  const planned = update('kubernetes_namespace_v1', labels('a'), labels('b'));
  expect(withReplacement(planned)).toBe(planned);
  expect(effects(planned)).toEqual([]);
});
