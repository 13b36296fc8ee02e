import { moduleReadme } from '@org/ollama-eks-tools/module-readme';

test('the README of a module lists inputs with their rules, outputs, and requirements', () => {
  const readme = moduleReadme('gpu', {
    variable: {
      name: { type: 'string', description: 'Name', validation: [{ error_message: 'name must be short.' }] },
      days: { type: 'number', default: 30 },
      tags: {},
    },
    output: { key: { description: 'Key | PEM', sensitive: true }, id: {} },
    terraform: { required_version: '>= 1.5', required_providers: { aws: { version: '>= 5.100' }, tls: {} } },
  });
  expect(readme.split('\n').filter((line) => line.startsWith('| '))).toEqual([
    '| name | type | description | default |',
    '| --- | --- | --- | --- |',
    '| `name` | `string` | Name. name must be short. | required |',
    '| `days` | `number` |  | `30` |',
    '| `tags` | `any` |  | required |',
    '| name | description |',
    '| --- | --- |',
    '| `key` | Key \\| PEM (sensitive) |',
    '| `id` |  |',
    '| what | version |',
    '| --- | --- |',
    '| Terraform or OpenTofu | >= 1.5 |',
    '| aws | >= 5.100 |',
    '| tls | any |',
  ]);
});
