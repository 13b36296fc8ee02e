/** YAML that is readable in a diff and that all YAML parsers of Kubernetes tools, 1.1 or 1.2, read in the same way. */
import { DEFAULT_SCALAR_STYLE_RULES, type DumpOptions, SCALAR_STYLE, type ScalarStyleRule, dump } from 'js-yaml';

/** Order of the first keys of a Kubernetes object; the other keys keep their order. */
const FIRST_KEYS = ['apiVersion', 'kind', 'metadata', 'spec'];
const FIRST_METADATA_KEYS = ['name', 'namespace', 'labels', 'annotations', 'finalizers'];

/** A line that consists of spaces only, which a block scalar would lose. */
const BLANK_LINE = /^[ \t]+$/m;

const quoteBlankLines: ScalarStyleRule = (layout) => {
  if (BLANK_LINE.test(layout.node.value)) layout.style = SCALAR_STYLE.DOUBLE_QUOTED;
};

/** Digits with an exponent, such as some hashes: a number to YAML parsers, or infinity if it exceeds their range. */
const EXPONENT = /^[-+]?\d[\d_]*e[-+]?\d+$/i;

const quoteExponents: ScalarStyleRule = (layout) => {
  if (layout.node.tag === 'tag:yaml.org,2002:str' && EXPONENT.test(layout.node.value))
    layout.style = SCALAR_STYLE.SINGLE_QUOTED;
};

const OPTIONS: DumpOptions = { lineWidth: -1, noRefs: true, skipInvalid: true };

/**
 * Converts a value to a YAML document: no anchors, no folding, scripts as block scalars, quotes where YAML 1.1 would misread a
 * scalar, undefined values omitted. `rules` choose the style of scalars first.
 */
export function toYaml(value: unknown, ...rules: readonly ScalarStyleRule[]): string {
  return dump(value, {
    ...OPTIONS,
    scalarStyleRules: [...rules, quoteBlankLines, quoteExponents, ...Object.values(DEFAULT_SCALAR_STYLE_RULES)],
  });
}

/** Converts a Kubernetes object to a YAML document, with its keys in the usual order. */
export function objectToYaml(object: object): string {
  const { metadata, ...rest } = object as { readonly metadata?: object };
  return toYaml(ordered({ ...rest, metadata: ordered(metadata ?? {}, FIRST_METADATA_KEYS) }, FIRST_KEYS));
}

function ordered(value: object, first: readonly string[]): object {
  const entries = Object.entries(value);
  const rank = (key: string) => (first.includes(key) ? first.indexOf(key) : first.length);
  return Object.fromEntries(entries.sort(([a], [b]) => rank(a) - rank(b)));
}
