import { TerraformEvents } from '../../src/systems/terraform-events';

const events = (...lines: readonly object[]): TerraformEvents => {
  const read = new TerraformEvents();
  lines.forEach((line) => read.read(JSON.stringify(line)));
  return read;
};

const planned = (...actions: readonly string[]) =>
  actions.map((action) => ({ type: 'planned_change', change: { action, resource: { addr: 'a.b' } } }));
const hook = (addr: string, action = 'create') => ({
  action,
  resource: { addr, resource_type: addr.split('.')[0] },
});
const start = (addr: string, action?: string) => ({ type: 'apply_start', hook: hook(addr, action) });
const complete = (addr: string, action?: string) => ({ type: 'apply_complete', hook: hook(addr, action) });

describe('progress', () => {
  test('is what is done of what is planned, and what has run longest', () => {
    const lines = [
      ...planned('create', 'create', 'create', 'create'),
      start('aws_vpc.a'),
      start('aws_eks_cluster.b'),
      start('aws_kms_key.c'),
      complete('aws_vpc.a'),
    ];
    expect(events(...lines).progress).toBe('1 of 4 created, waiting for aws_eks_cluster and 1 other');
  });

  test('counts a replacement twice, and what touches only the state not at all', () => {
    const lines = [
      ...planned('replace', 'move', 'forget', 'noop'),
      start('aws_vpc.a', 'delete'),
      complete('aws_vpc.a', 'delete'),
    ];
    expect(events(...lines, start('aws_vpc.a')).progress).toBe('1 of 2 done, waiting for aws_vpc');
  });

  test('counts no data source that is read', () => {
    const lines = [...planned('read', 'create'), start('data.aws_ami.a', 'read'), complete('data.aws_ami.a', 'read')];
    expect(events(...lines, start('aws_vpc.a')).progress).toBe('0 of 1 created, waiting for aws_vpc');
  });

  test('names what a destroy does', () => {
    expect(events(...planned('delete'), start('aws_vpc.a', 'delete')).progress).toBe(
      '0 of 1 destroyed, waiting for aws_vpc',
    );
  });

  test('has no total if nothing was planned, and nothing to say before anything runs', () => {
    expect(events(start('aws_vpc.a')).progress).toBe('0 done, waiting for aws_vpc');
    expect(events().progress).toBeUndefined();
    expect(events(start('aws_vpc.a'), { type: 'apply_errored', hook: hook('aws_vpc.a') }).progress).toBeUndefined();
  });
});

describe('errors', () => {
  test('are reported as Terraform prints them, with place, values and details', () => {
    const diagnostic = {
      severity: 'error',
      summary: 'Resource precondition failed',
      detail: 'GPU nodes need 48 vCPUs.',
      address: 'aws_eks_node_group.gpu',
      range: { filename: 'cdk.tf.json', start: { line: 12 } },
      snippet: {
        context: 'resource.aws_eks_node_group.gpu',
        code: '"condition": "${x}"',
        start_line: 12,
        values: [{ traversal: 'data.quota.value', statement: 'is 0' }],
      },
    };
    expect(events({ type: 'diagnostic', diagnostic }).errors).toBe(
      [
        'Error: Resource precondition failed',
        '',
        '  with aws_eks_node_group.gpu,',
        '  on cdk.tf.json line 12, in resource.aws_eks_node_group.gpu:',
        '  12: "condition": "${x}"',
        '    data.quota.value is 0',
        '',
        'GPU nodes need 48 vCPUs.',
      ].join('\n'),
    );
  });

  test('are all of them, without warnings', () => {
    const error = (summary: string, severity = 'error') => ({ type: 'diagnostic', diagnostic: { severity, summary } });
    expect(events(error('one'), error('old', 'warning'), error('two')).errors).toBe('Error: one\n\nError: two');
  });

  test('and warnings are shown with their details', () => {
    const diagnostic = { severity: 'warning', summary: 'Check block assertion failed', detail: 'Set it to x.' };
    const line = JSON.stringify({ '@message': `Warning: ${diagnostic.summary}`, type: 'diagnostic', diagnostic });
    expect(new TerraformEvents().read(line)).toBe('Warning: Check block assertion failed\n\nSet it to x.');
  });
});

test.each([
  ['text of OpenTofu about its configuration', 'Warning: Unable to open CLI configuration file'],
  ['JSON that is no event', '[1]'],
  ['null', 'null'],
  ['an event without any field', '{}'],
])('%s is returned as it is', (_, line) => {
  const read = new TerraformEvents();
  expect(read.read(line)).toBe(line);
  expect([read.progress, read.errors]).toEqual([undefined, '']);
});

test('a line is returned in words, without values of attributes', () => {
  const words = 'aws_vpc.a: Creation complete after 2s [id=vpc-1]';
  const line = { ...complete('aws_vpc.a'), '@message': words, outputs: { password: { value: 'secret' } } };
  expect(new TerraformEvents().read(JSON.stringify(line))).toBe(words);
});
