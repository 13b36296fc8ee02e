import { parse } from 'yaml';
import { alertManagerDefinition } from '../../src/observability/alert-manager';

test('every alert goes to the topic, in messages that are signed for its region', () => {
  const topic = 'arn:aws:sns:us-west-2:111122223333:alerts';
  const definition = parse(alertManagerDefinition(topic, 'us-west-2')) as Record<string, string>;
  expect(Object.keys(definition)).toEqual(['alertmanager_config']);
  expect(parse(definition['alertmanager_config'] ?? '')).toEqual({
    route: { receiver: 'topic', group_by: ['alertname'] },
    receivers: [{ name: 'topic', sns_configs: [{ topic_arn: topic, sigv4: { region: 'us-west-2' } }] }],
  });
});
