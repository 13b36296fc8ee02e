import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { dirname } from 'node:path/posix';
import eslint from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import docs from './tools/eslint/default-tag.js';
import cycles from './tools/eslint/no-cycle.js';
import prose from './tools/eslint/prose.js';

const LIBRARY = 'packages/ollama-eks/src';

/** Folders of the library, each with those that it may import besides itself. What is not named here is refused. */
const LAYERS = {
  catalogue: [],
  sizing: ['catalogue'],
  gitops: ['catalogue'],
  workload: ['catalogue', 'sizing', 'gitops/application.ts'],
  changes: ['workload/names.ts', 'catalogue', 'gitops'],
  observability: ['catalogue', 'sizing', 'workload', 'gitops/application.ts'],
  cluster: ['catalogue', 'sizing', 'workload', 'observability', 'gitops/application.ts'],
  mesh: ['catalogue', 'sizing', 'workload', 'gitops/application.ts', 'cluster/**/*-ref.ts'],
  exposure: [
    'catalogue',
    'sizing',
    'workload',
    'gitops/application.ts',
    'cluster/**/*-ref.ts',
    'cluster/aws/**', // how any construct asks for a role or its stack
    'mesh/*-ref.ts',
  ],
};

/** Wings of those folders, each with what it may import of the folder around it: what is below it, never what uses it. */
const WINGS = {
  'cluster/aws': [],
  'cluster/network': ['cluster/aws/**'],
  'cluster/control-plane': ['cluster/aws/**', 'cluster/**/*-ref.ts'],
  'cluster/nodes': ['cluster/**/*-ref.ts'],
  'cluster/guardrails': ['cluster/aws/**', 'cluster/nodes/**'],
  'cluster/telemetry': ['cluster/aws/**', 'cluster/**/*-ref.ts'],
  'gitops/checks': [
    'gitops/{application,argo-cd-delivery-props,image-reference,manifests,mirrors,names,namespace-owners,order,refuse}.ts',
  ],
};

/** What has no framework in it: data, figures and manifests. */
const PURE = [
  ...['catalogue', 'changes', 'sizing', 'workload', 'observability'].map((folder) => `${folder}/**`),
  '*/*-manifests.ts',
  '*/*-values.ts',
];

const under = (path) => (path.endsWith('.ts') ? `${LIBRARY}/${path}` : `${LIBRARY}/${path}/**`);

/** One zone a pair of folders that must not know each other. */
const layerZones = Object.entries(LAYERS).flatMap(([folder, allowed]) =>
  [...Object.keys(LAYERS), 'stacks']
    .filter((other) => other !== folder && !allowed.includes(other))
    .map((other) => ({
      target: under(folder),
      from: under(other),
      except: allowed.filter((path) => path.startsWith(`${other}/`)).map((path) => `**/${path}`),
      message: `layers: ${folder} may know ${allowed.join(', ') || 'no other folder'} (CONTRIBUTING.md, "Layout")`,
    })),
);

const wingZones = Object.entries(WINGS).map(([wing, allowed]) => ({
  target: under(wing),
  from: under(dirname(wing)),
  except: [`**/${wing}/**`, ...allowed.map((path) => `**/${path}`)],
  message: `layers: ${wing} may know ${allowed.join(', ') || 'nothing else'} of ${dirname(wing)} (CONTRIBUTING.md, "Layout")`,
}));

const pureZones = PURE.map((path) => ({
  target: `${LIBRARY}/${path}`,
  from: `${LIBRARY}/{framework.ts,check-text.ts,stack-output.ts,providers/**}`,
  message: 'this file is pure: no framework, no provider (CONTRIBUTING.md, "Layout")',
}));

const COMMAND_LINE = 'scripts/src';

/** What commands share, from the ground up: a folder knows those on the floors below it. */
const FLOORS = [
  ['program'],
  ['http', 'project', 'gguf'],
  ['systems'],
  ['konnect', 'argo', 'pools'],
  ['endpoint'],
  ['checks'],
];

/** Any other folder is a command. It knows all that is shared, and of other commands those that it is built on. */
const BUILT_ON = {
  kong: ['consumers'],
  github: ['kong', 'init'],
  init: ['models', 'report'],
  deploy: ['consumers', 'kong', 'verify'],
  prove: ['report', 'scale', 'verify'],
  status: ['destroy'],
};

const rooms = readdirSync(join(import.meta.dirname, COMMAND_LINE), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

function known(room) {
  if (room === 'commands') return rooms; // declares all of them
  const floor = FLOORS.findIndex((names) => names.includes(room));
  return floor < 0 ? [...FLOORS.flat(), ...(BUILT_ON[room] ?? [])] : FLOORS.slice(0, floor).flat();
}

const commandLineZones = rooms.flatMap((room) =>
  rooms
    .filter((other) => other !== room && !known(room).includes(other))
    .map((other) => ({
      target: `${COMMAND_LINE}/${room}/**`,
      from: `${COMMAND_LINE}/${other}/**`,
      message: `floors: ${room} may know ${known(room).join(', ') || 'no other folder'} (eslint.config.mjs, FLOORS)`,
    })),
);

const BARREL = {
  regex: '^@(cdktf|cdktn)/provider-[a-z]+$',
  message: 'a barrel loads every resource type (5 s, 575 MB); import lib/<resource>',
};
const FRAMEWORK = {
  regex: '^(cdktf|cdktn|constructs)(/|$)',
  message: 'only src/framework.ts imports the framework',
};
const PROVIDERS = {
  regex: '^@(cdktf|cdktn)/',
  message: 'only src/providers/*.ts import a provider',
};

const restrictImports = (...patterns) => ['error', { patterns }];

export default tseslint.config(
  {
    ignores: [
      '**/lib/',
      '**/cdktf.out/',
      '**/node_modules/',
      '.cache/',
      'coverage/',
      'argocd/',
      'deck/',
      'site/{pages,dist,cache}/',
    ],
  },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { cycles, 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js', '.json'] })],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    rules: {
      'max-lines': ['error', 400],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off', // a type alias is assignable to an index signature, an interface isn't
      '@typescript-eslint/consistent-indexed-object-style': 'off', // a recursive type can't be a Record
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-type-parameters': 'off', // `json<T>()` names the type that the caller expects
      '@typescript-eslint/non-nullable-type-assertion-style': 'off', // asks for the `!` that no-non-null-assertion refuses
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'cycles/no-cycle': 'error',
      'import-x/no-duplicates': ['error', { 'prefer-inline': true }],
      'import-x/no-restricted-paths': [
        'error',
        { basePath: import.meta.dirname, zones: [...layerZones, ...wingZones, ...pureZones, ...commandLineZones] },
      ],
      'no-restricted-imports': restrictImports(BARREL),
    },
  },
  {
    files: [`${LIBRARY}/**/*.ts`],
    rules: { 'no-restricted-imports': restrictImports(FRAMEWORK, PROVIDERS) },
  },
  {
    files: [`${LIBRARY}/**/*.ts`],
    plugins: { docs },
    rules: { 'docs/default-tag': 'error' },
  },
  {
    files: [`${LIBRARY}/framework.ts`],
    rules: { 'no-restricted-imports': restrictImports(PROVIDERS) },
  },
  {
    // Loads CDKTF between two changes of the module cache, so it cannot import it.
    files: [`${LIBRARY}/cdktf-without-archiver.ts`],
    rules: { '@typescript-eslint/no-require-imports': ['error', { allow: ['^cdktf$'] }] },
  },
  {
    // One lazy getter a resource type: an app loads the modules of what it creates, and no other.
    files: [`${LIBRARY}/providers/*.ts`],
    rules: {
      'no-restricted-imports': restrictImports(FRAMEWORK, BARREL),
      '@typescript-eslint/no-require-imports': ['error', { allow: ['^@cdktf/provider-[a-z]+/lib/[a-z0-9-]+$'] }],
    },
  },
  {
    files: [`${LIBRARY}/**/*.ts`],
    ignores: [`${LIBRARY}/providers/*.ts`],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'TSImportType', message: 'import the type at the top of the file, from the seam that exports it' },
        ...['Literal[value!="Resource"][value=/[^a-z0-9-]/]', 'TemplateLiteral > [value.raw=/[^a-z0-9-]/]'].map(
          (id) => ({
            selector: `NewExpression > ThisExpression.arguments + ${id}`,
            message: 'construct ids are kebab-case, apart from Resource; constructId() converts names',
          }),
        ),
      ],
    },
  },
  {
    // A command loads what it needs when it runs: `--help` and other commands must not wait for it.
    files: [
      'scripts/src/program/{process,program,proxied-fetch,resolved-settings,settings,version,yaml-text}.ts',
      'scripts/src/commands/*.ts',
    ],
    rules: {
      '@typescript-eslint/no-require-imports': [
        'error',
        { allow: ['^\\.\\.?/', '^(zx|js-yaml|dotenv|undici|commander)$', '^@org/ollama-eks/pure$'] },
      ],
    },
  },
  {
    files: ['examples/**/*.ts'],
    rules: {
      'no-restricted-imports': restrictImports(BARREL, {
        regex: '^(\\.|@org/ollama-eks/)',
        message: 'an example is what a user writes: it imports @org/ollama-eks by its name',
      }),
    },
  },
  {
    files: ['**/test/**/*.ts'],
    rules: {
      // Matchers (`expect.objectContaining`) and parsed JSON are `any` in the types of Jest and JSON.parse.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.{ts,js,mjs}'],
    plugins: { prose },
    rules: { 'prose/plain-english': 'error' },
  },
  {
    // Strings of tests are often those of other programs.
    files: ['**/test/**/*.{ts,js,mjs}'],
    rules: { 'prose/plain-english': ['error', { titlesOnly: true }] },
  },
  {
    files: ['**/*.md'],
    plugins: { prose },
    processor: 'prose/markdown',
  },
  {
    files: ['**/*.md/*.js'],
    plugins: { prose },
    rules: { 'prose/plain-english': 'error' },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: {
        __dirname: 'readonly',
        module: 'writable',
        require: 'readonly',
        process: 'readonly',
        console: 'readonly',
      },
    },
  },
);
