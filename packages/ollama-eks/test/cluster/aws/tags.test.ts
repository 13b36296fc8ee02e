import { OllamaGpuCluster } from '../../../src/cluster/ollama-gpu-cluster';
import { Template } from '../../../src/testing';
import { refusal } from '../../refusal';
import { clusterWith, idHas, infrastructure, MINIMAL, token } from '../given';

const inStackWith = (tags: Readonly<Record<string, string>>) => () =>
  new OllamaGpuCluster(infrastructure(tags), 'cluster', MINIMAL);

describe('tags', () => {
  test.each([
    'kubernetes.io/cluster/ollama',
    'CSIVolumeName',
    'CSIVolumeSnapshotName',
    'ebs.csi.aws.com/cluster',
    'a=b',
  ])(
    '%s, with which the EBS CSI driver would not start or tag otherwise, is refused, also as a tag of the stack',
    (key) => {
      const message = `tags["${key}"] = "owned": has a key that the EBS CSI driver, which tags volumes with it, does not accept`;
      expect(refusal(() => clusterWith({ tags: { [key]: 'owned' } })).message).toContain(message);
      expect(refusal(inStackWith({ [key]: 'owned' })).message).toContain(message);
    },
  );

  test('the cluster tag must not have another cluster’s name', () => {
    const key = 'ollama-eks/cluster';
    expect(refusal(() => clusterWith({ tags: { [key]: 'blue' } })).message).toContain(
      'tags["ollama-eks/cluster"] = "blue": is the tag that identifies everything that belongs to the cluster; allowed: ollama',
    );
    expect(refusal(inStackWith({ [key]: 'blue' })).property).toBe('tags["ollama-eks/cluster"]');
    expect(clusterWith({ tags: { [key]: 'ollama' } }).cluster.tags[key]).toBe('ollama');
  });

  test('more than AWS accepts, including those of the stack, are refused', () => {
    const many = (prefix: string, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, 'x']));
    const stack = infrastructure(many('stack-', 30));
    const made = () => new OllamaGpuCluster(stack, 'cluster', { ...MINIMAL, tags: many('own-', 11) });
    expect(refusal(made).message).toContain(
      'tags = 41: is more than the number of tags that AWS objects can have in addition to AWS’s own; allowed: at most 40, including those of the stack',
    );
  });

  test('known only at apply are set on AWS resources and by the EBS CSI driver, and are not rendered to Git', () => {
    const { stack, cluster } = clusterWith({ tags: { Owner: token('owner') } });
    const template = Template.fromStack(stack);
    const driver = idHas(template.resources('aws_eks_addon'), 'ebs-csi-driver').configuration_values;
    expect(template.resource('aws_eks_cluster').tags).toMatchObject({ Owner: '${local.owner}' });
    expect(JSON.parse(String(driver))).toMatchObject({ controller: { extraVolumeTags: { Owner: '${local.owner}' } } });
    expect(JSON.stringify(cluster.applications)).not.toContain('Owner');
  });

  test('of volumes are set by the driver: another tag changes neither volumes nor files in Git', () => {
    const applications = (tags: Readonly<Record<string, string>>) => clusterWith({ tags }).cluster.applications;
    expect(applications({ Team: 'search', Owner: 'me' })).toEqual(applications({}));
  });

  test('of volumes are kept when the user configures the driver', () => {
    const configuration = { controller: { logLevel: 5 }, node: { tolerateAllTaints: true } };
    const template = Template.fromStack(clusterWith({ addOns: { ebsCsiDriver: { configuration } } }).stack);
    const driver = idHas(template.resources('aws_eks_addon'), 'ebs-csi-driver').configuration_values;
    expect(JSON.parse(String(driver))).toEqual({
      controller: { logLevel: 5, extraVolumeTags: { Team: 'ml', 'ollama-eks/cluster': 'ollama' } },
      node: { tolerateAllTaints: true },
    });
  });
});
