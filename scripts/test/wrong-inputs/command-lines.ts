/** Files of a project by path. */
type Files = Readonly<Record<string, string>>;

/** A wrong command line, setting, or file. */
export interface WrongCommandLine {
  readonly argv: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly files?: Files;
  /** What the error must name: the flag, the variable, or the file. */
  readonly property: string;
  /** The value as the user wrote it; empty if there is none. */
  readonly value: string;
}

const CDKTF = '{"language":"typescript","app":"node main.js"}';

export const WRONG_COMMAND_LINES: readonly WrongCommandLine[] = [
  // flags
  { argv: ['deplyo'], property: 'unknown command', value: 'deplyo' },
  { argv: ['deploy', '--regoin', 'us-west-2'], property: '--regoin', value: '' },
  { argv: ['deploy', '--region'], property: '--region', value: '' },
  { argv: ['status', '--region', 'mars'], property: '--region', value: '"mars"' },
  { argv: ['deploy', '--terraform', 'pulumi'], property: '--terraform', value: '"pulumi"' },
  { argv: ['deploy', '--kong-cidr', '10.0.0.1/22'], property: '--kong-cidr', value: '"10.0.0.1/22"' },
  { argv: ['deploy', '--gateway-version', 'latest'], property: '--gateway-version', value: '"latest"' },
  { argv: ['deploy', '--kong-account', 'kong'], property: '--kong-account', value: '"kong"' },
  { argv: ['konnect', 'status', '--konnect-region', 'mars'], property: '--konnect-region', value: '"mars"' },
  { argv: ['consumers', 'add', 'Team A'], property: 'team', value: '"Team A"' },
  { argv: ['konnect', 'accounts', '--days', '900'], property: '--days', value: '"900"' },
  { argv: ['verify', '--request-timeout', 'soon'], property: '--request-timeout', value: '"soon"' },
  { argv: ['models', 'size', 'llama9:8b'], property: 'model', value: '"llama9:8b"' },
  { argv: ['models', 'size', 'llama3.1:8b', '--context', '999999'], property: '--context', value: '999999' },
  { argv: ['models', 'recommend', '--instance', 'g9.xlarge'], property: '--instance', value: '"g9.xlarge"' },
  { argv: ['models', 'recommend', '--for', 'poetry'], property: '--for', value: 'poetry' },
  { argv: ['init', '--exposure', 'public'], property: '--exposure', value: '"public"' },
  {
    argv: ['init', '--instance', 'g5.xlarge', '--model', 'llama3.1:70b'],
    property: '--instance',
    value: '"g5.xlarge"',
  },
  { argv: ['client', 'vim'], property: 'unknown command', value: 'vim' },
  { argv: ['client', 'local', '--port', '99999'], property: '--port', value: '"99999"' },
  { argv: ['scale', 'zero', '--project', 'nowhere'], property: '--project', value: '"nowhere"' },
  // settings
  { argv: ['status'], environment: { AWS_REGION: 'mars' }, property: 'AWS_REGION', value: '"mars"' },
  { argv: ['status'], files: { '.env': 'KONNECT_REGION=mars\n' }, property: 'KONNECT_REGION in .env', value: '"mars"' },
  {
    argv: ['status'],
    files: { 'ollama-eks.yaml': 'regoin: us-west-2\n' },
    property: 'ollama-eks.yaml',
    value: '"regoin"',
  },
  {
    argv: ['status'],
    files: { 'ollama-eks.yaml': 'region: mars\n' },
    property: 'region in ollama-eks.yaml',
    value: '"mars"',
  },
  { argv: ['status'], files: { 'ollama-eks.yaml': 'region: [\n' }, property: 'ollama-eks.yaml', value: '' },
  { argv: ['konnect', 'status'], environment: { KONNECT_TOKEN: 'abc' }, property: 'KONNECT_TOKEN', value: '' },
  {
    argv: ['konnect', 'status'],
    environment: { KONNECT_TOKEN_FILE: 'none' },
    property: 'KONNECT_TOKEN_FILE',
    value: '"none"',
  },
  { argv: ['konnect', 'status', '--control-plane', 'a'], property: 'KONNECT_TOKEN', value: '' },
  { argv: ['verify', '--isolation', '--no-outside'], property: '--isolation', value: '' },
  {
    argv: ['client', 'claude', '--proxy-url', 'ftp://x'],
    environment: { OLLAMA_EKS_API_KEY: 'oek_0123456789' },
    property: '--proxy-url',
    value: '"ftp://x"',
  },
  // files
  { argv: ['status'], files: { 'cdktf.json': '{ "app": ' }, property: 'cdktf.json', value: '' },
  { argv: ['status'], files: { 'cdktf.json': CDKTF }, property: 'manifest.json', value: '' },
  {
    argv: ['status'],
    files: { 'cdktf.json': CDKTF, 'cdktf.out/manifest.json': '{' },
    property: 'manifest.json',
    value: '',
  },
  { argv: ['deploy'], property: 'cdktf.json', value: '' },
  { argv: ['kong', 'guard', '.'], property: 'project is a folder', value: '' },
  { argv: ['kong', 'guard', 'none.json'], property: 'none.json', value: '' },
  { argv: ['kong', 'guard', 'plan.json'], files: { 'plan.json': 'not json' }, property: 'plan.json', value: '' },
  {
    argv: ['kong', 'diff', '--file', 'state.yaml'],
    files: { 'state.yaml': 'services: [' },
    property: 'state.yaml',
    value: '',
  },
];
