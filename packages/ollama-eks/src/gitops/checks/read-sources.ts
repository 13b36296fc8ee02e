import type { ChartImage } from '../../catalogue/chart-images';
import { isObject } from '../../check-object';
import {
  checkProps,
  FLAG,
  listOf,
  NUMBER,
  OBJECT,
  partOf,
  recordOf,
  required,
  type Rule,
  type Shape,
  shapeOf,
  TEXT,
} from '../../check-props';
import { ValidationError } from '../../errors';
import type {
  Application,
  ApplicationNamespace,
  ChartSource,
  ClusterSecret,
  HealthGate,
  IApplicationSource,
  IgnoredDifference,
  Manifest,
  ManifestSource,
} from '../application';

const TEXTS = recordOf(TEXT);

const IMAGE = shapeOf<ChartImage>({
  repository: required(TEXT),
  names: listOf(TEXT),
  tag: TEXT,
  tagSuffix: TEXT,
  value: required(TEXT),
  registryValue: TEXT,
  enabledBy: TEXT,
});

const CHART: Shape<ChartSource> = {
  kind: required(TEXT),
  repository: required(TEXT),
  chart: required(TEXT),
  version: required(TEXT),
  releaseName: TEXT,
  values: required(OBJECT),
  kinds: listOf(TEXT),
  images: listOf(IMAGE),
};

const MANIFESTS: Shape<ManifestSource> = {
  kind: required(TEXT),
  manifests: required(
    listOf(
      withParts<Manifest>({
        apiVersion: required(TEXT),
        kind: required(TEXT),
        metadata: required(
          withParts<Manifest['metadata']>({
            name: required(TEXT),
            namespace: TEXT,
            labels: TEXTS,
            annotations: TEXTS,
          }),
        ),
      }),
    ),
  ),
};

const SOURCE: Rule = {
  allowed: 'an object whose kind is "chart" or "manifests"',
  isValid: (value) => isObject(value) && (value['kind'] === 'chart' || value['kind'] === 'manifests'),
  checkParts: (property, value) => {
    const source = value as Application['source'];
    if (source.kind === 'chart') checkProps(source, CHART, property);
    else checkProps(source, MANIFESTS, property);
  },
};

const APPLICATION = shapeOf<Application>({
  name: required(TEXT),
  wave: required(NUMBER),
  namespace: required(
    shapeOf<ApplicationNamespace>({
      name: required(TEXT),
      podSecurity: oneOf('privileged', 'baseline', 'restricted'),
      labels: TEXTS,
    }),
  ),
  project: required(oneOf('platform', 'workload')),
  source: required(SOURCE),
  healthGate: required(shapeOf<HealthGate>({ timeoutSeconds: required(NUMBER), waitForHealth: FLAG })),
  syncOptions: listOf(TEXT),
  ignoreDifferences: listOf(
    shapeOf<IgnoredDifference>({
      group: required(TEXT),
      kind: required(TEXT),
      name: TEXT,
      jqPathExpressions: required(listOf(TEXT)),
    }),
  ),
  cascade: FLAG,
});

/** Its errors show no value. */
const SECRET_VALUES: Rule = {
  allowed: 'an object of strings',
  isValid: () => true,
  checkParts: (property, value) => {
    if (isObject(value) && Object.values(value).every((part) => typeof part === 'string')) return;
    const { allowed } = SECRET_VALUES;
    throw new ValidationError({ property, problem: 'has the wrong type', allowed, remedy: `pass ${allowed}` });
  },
};

const CONTRIBUTIONS: Shape<IApplicationSource> = {
  applications: required(listOf(APPLICATION)),
  secrets: listOf(
    shapeOf<ClusterSecret>({
      name: required(TEXT),
      namespace: required(TEXT),
      type: required(TEXT),
      data: required(SECRET_VALUES),
    }),
  ),
  chartRepositories: listOf(TEXT),
  existingNamespaces: listOf(TEXT),
  definedGroups: listOf(TEXT),
};

/**
 * Reads what each source contributes, once: sources compute it, and what is checked must be what is delivered. Throws a
 * `ValidationError` for contributions that do not have the declared types: your code may be in JavaScript.
 */
export function readSources(sources: readonly IApplicationSource[]): readonly IApplicationSource[] {
  return sources.map((source, index) => {
    const { applications, secrets, chartRepositories, existingNamespaces, definedGroups } = source;
    const contributions = { applications, secrets, chartRepositories, existingNamespaces, definedGroups };
    checkProps<IApplicationSource>(contributions, CONTRIBUTIONS, `sources[${index}]`);
    return contributions;
  });
}

/** Returns the rule of an object that may have more than these props. */
function withParts<Props>(shape: Shape<Props>): Rule {
  return {
    ...OBJECT,
    checkParts: (property, value) => {
      checkProps(partOf(value as Props, shape), shape, property);
    },
  };
}

function oneOf(...texts: readonly string[]): Rule {
  return { allowed: texts.join(', '), isValid: (value) => texts.includes(value as string) };
}
