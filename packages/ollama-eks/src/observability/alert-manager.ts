import { toYaml } from '../yaml';

/**
 * Returns the definition of an alert manager of Amazon Managed Service for Prometheus, which sends all alerts to an SNS topic.
 * @param topicArn may be a token
 * @param region of the topic and of the workspace
 * @see https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-alertmanager-config.html
 */
export function alertManagerDefinition(topicArn: string, region: string): string {
  const configuration = {
    route: { receiver: 'topic', group_by: ['alertname'] },
    receivers: [{ name: 'topic', sns_configs: [{ topic_arn: topicArn, sigv4: { region } }] }],
  };
  return toYaml({ alertmanager_config: toYaml(configuration) });
}
