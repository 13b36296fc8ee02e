/** Checks of props at runtime: types alone do not protect callers in JavaScript. */
import { similarNames } from './catalogue/similar-names';
import { isObject } from './check-object';
import { ValidationError } from './errors';

/** What a value must be. */
export interface Rule {
  /** Description for errors: `a list`. */
  readonly allowed: string;
  /** What to pass instead of a wrong value. @default - the allowed value */
  readonly remedy?: string;
  readonly isValid: (value: unknown) => boolean;
  /** Checks what is in a valid value. */
  readonly checkParts?: (property: string, value: unknown) => void;
}

/** A rule of a prop that must be set. */
export interface RequiredRule extends Rule {
  readonly isRequired: true;
}

/** A rule for each prop. A prop without a rule, and a required prop without a required rule, do not compile. */
export type Shape<Props> = {
  readonly [Name in keyof Required<Props>]: object extends Pick<Props, Name> ? Rule : RequiredRule;
};

export const TEXT = typeRule('string', 'a string');
export const NUMBER = typeRule('number', 'a number');
export const FLAG = typeRule('boolean', 'true or false');
/** An object whose parts are checked elsewhere. */
export const OBJECT: Rule = { allowed: 'an object', isValid: isObject };
/** A function that is called later. */
export const FUNCTION = typeRule('function', 'a function');

/** Returns the rule of a prop that must be set. */
export function required(rule: Rule): RequiredRule {
  return { ...rule, isRequired: true };
}

/** Returns the rule of a list. */
export function listOf(item: Rule): Rule {
  return {
    allowed: 'a list',
    isValid: Array.isArray,
    checkParts: (property, value) => {
      (value as readonly unknown[]).forEach((part, index) => checkValue(`${property}[${index}]`, part, item));
    },
  };
}

/** Returns the rule of a value that is one thing, or a list of them. */
export function oneOrMore(item: Rule): Rule {
  const list = listOf(item);
  const orList = (text: string) => `${text}, or a list of them`;
  return {
    allowed: orList(item.allowed),
    remedy: item.remedy === undefined ? undefined : orList(item.remedy),
    isValid: (value) => list.isValid(value) || item.isValid(value),
    checkParts: (property, value) => (list.isValid(value) ? list : item).checkParts?.(property, value),
  };
}

/** Returns the rule of a value of either kind. */
export function either(one: Rule, other: Rule): Rule {
  return {
    allowed: `${one.allowed}, or ${other.allowed}`,
    isValid: (value) => one.isValid(value) || other.isValid(value),
    checkParts: (property, value) => (one.isValid(value) ? one : other).checkParts?.(property, value),
  };
}

/** Returns the rule of an object whose keys are free, such as tags. */
export function recordOf(item: Rule): Rule {
  return {
    allowed: 'an object',
    isValid: isObject,
    checkParts: (property, value) => {
      for (const [name, part] of Object.entries(value as object)) checkValue(`${property}.${name}`, part, item);
    },
  };
}

/**
 * Returns the rule of an object that has members, such as a construct: a class may have more, and another version of the library
 * may have created it.
 */
export function having(members: readonly string[], allowed: string): Rule {
  return {
    allowed,
    isValid: (value) => isObject(value) && members.every((member) => value[member] !== undefined),
  };
}

/** Returns the rule of an object with exactly these props. The remedy names those that must be set, if there are any. */
export function shapeOf<Props>(shape: Shape<Props>): Rule {
  const names = namesOf(shape);
  const needed = names.filter((name) => 'isRequired' in shape[name as keyof Shape<Props>]);
  return {
    allowed: `an object with ${names.join(', ')}`,
    remedy: needed.length === 0 ? undefined : `pass an object with ${needed.join(', ')}`,
    isValid: isObject,
    checkParts: (property, value) => {
      checkProps(value as Props, shape, property);
    },
  };
}

/**
 * Refuses unknown props, missing ones, and values of a wrong type.
 * @param parent path of the object, for errors; empty for the props of a construct
 * @throws ValidationError that names the most similar prop, or what the value must be
 */
export function checkProps<Props>(props: Props, shape: Shape<Props>, parent = ''): void {
  const rules = shape as Readonly<Record<string, Rule & Partial<RequiredRule>>>;
  const path = (name: string) => (parent === '' ? name : `${parent}.${name}`);
  if (!isObject(props)) throw wrong(parent === '' ? 'props' : parent, props, OBJECT);
  for (const name of Object.keys(props).filter((known) => !(known in rules))) {
    throw unknownProp(path(name), name, namesOf(shape));
  }
  for (const [name, rule] of Object.entries(rules)) {
    const value = props[name];
    if (value !== undefined || rule.isRequired === true) checkValue(path(name), value, rule);
  }
}

/** Returns the props that a shape has. */
export function partOf<Props>(props: Props, shape: Shape<Props>): Props {
  return Object.fromEntries(Object.entries(props as object).filter(([name]) => name in shape)) as Props;
}

function checkValue(property: string, value: unknown, rule: Rule): void {
  if (!rule.isValid(value)) throw wrong(property, value, rule);
  rule.checkParts?.(property, value);
}

function wrong(property: string, value: unknown, { allowed, remedy = `pass ${allowed}` }: Rule): ValidationError {
  return new ValidationError({
    property,
    value,
    problem: value === undefined ? 'is required' : 'has the wrong type',
    allowed,
    remedy,
  });
}

function unknownProp(property: string, name: string, names: readonly string[]): ValidationError {
  const [nearest] = similarNames(name, names);
  return new ValidationError({
    property,
    problem: 'is not a known property',
    allowed: names.join(', '),
    remedy: nearest === undefined ? 'remove it' : `use ${nearest}, or remove it`,
  });
}

function namesOf(shape: object): readonly string[] {
  return Object.keys(shape);
}

function typeRule(type: 'string' | 'number' | 'boolean' | 'function', allowed: string): Rule {
  return { allowed, isValid: (value) => typeof value === type };
}
