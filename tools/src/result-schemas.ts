import { join } from 'node:path';
import ts from 'typescript';

/** A JSON Schema, or a part of one. */
export type Schema = Readonly<Record<string, unknown>>;

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/**
 * Returns a JSON Schema for each property of an interface, by the property's name: shapes are those of TypeScript, and descriptions are
 * docstrings. What JSON does not contain, such as functions, is left out.
 * @param directory folder of the package, with its tsconfig.json
 */
export function resultSchemas(directory: string, file: string, interfaceName: string): ReadonlyMap<string, Schema> {
  const config = ts.readConfigFile(join(directory, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, directory);
  const path = join(directory, file);
  const program = ts.createProgram([path], { ...options, composite: false, incremental: false, noEmit: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(path);
  const found = source?.statements.find(
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === interfaceName,
  );
  if (found === undefined) throw new Error(`${path} has no interface ${interfaceName}`);
  return new Map(
    checker.getPropertiesOfType(checker.getTypeAtLocation(found)).map((property) => {
      const writer = new SchemaWriter(checker);
      const schema = writer.write(checker.getTypeOfSymbol(property));
      const description = descriptionOf(property, checker);
      return [
        property.name,
        {
          $schema: DRAFT,
          title: `ollama-eks ${property.name} --json`,
          ...(description !== undefined && { description }),
          ...schema,
          ...(writer.definitions.size > 0 && { $defs: Object.fromEntries([...writer.definitions].sort(byName)) }),
        },
      ];
    }),
  );
}

/** Writes the schema of one type, and collects the definitions to which it refers. */
class SchemaWriter {
  public readonly definitions = new Map<string, Schema>();
  readonly #names = new Map<ts.Type, string>();

  public constructor(private readonly checker: ts.TypeChecker) {}

  public write(type: ts.Type): Schema {
    const name = this.nameOf(type);
    if (name === undefined) return this.shapeOf(type);
    if (!this.#names.has(type)) {
      if (this.definitions.has(name)) throw new Error(`two types of results are called ${name}: rename one`);
      this.#names.set(type, name);
      this.definitions.set(name, {}); // for types that contain themselves
      const symbol = type.aliasSymbol ?? type.symbol;
      const description = descriptionOf(symbol, this.checker);
      this.definitions.set(name, { ...(description !== undefined && { description }), ...this.shapeOf(type) });
    }
    return { $ref: `#/$defs/${name}` };
  }

  /** Returns the name of a type that has one of its own: neither generic nor declared where it is used. */
  private nameOf(type: ts.Type): string | undefined {
    if (type.aliasSymbol !== undefined)
      return type.aliasTypeArguments === undefined ? type.aliasSymbol.name : undefined;
    const isInterface = type.isClassOrInterface() && type.typeParameters === undefined && !isDate(type);
    return isInterface ? type.symbol.name : undefined;
  }

  private shapeOf(type: ts.Type): Schema {
    if (type.isUnion()) return this.unionOf(type);
    if (type.flags & ts.TypeFlags.Null) return { type: 'null' };
    if (type.flags & ts.TypeFlags.BooleanLiteral) return { const: this.checker.typeToString(type) === 'true' };
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    if (type.flags & ts.TypeFlags.StringLike) return { type: 'string' };
    if (type.flags & ts.TypeFlags.NumberLike) return { type: 'number' };
    if (type.flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any)) return {};
    if (isDate(type)) return { type: 'string', format: 'date-time' };
    if (this.checker.isArrayType(type)) {
      const [item] = this.checker.getTypeArguments(type as ts.TypeReference);
      if (item !== undefined) return { type: 'array', items: this.write(item) };
    }
    if (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) return this.objectOf(type);
    throw new Error(`JSON Schema has no ${this.checker.typeToString(type)}`);
  }

  private unionOf(type: ts.UnionType): Schema {
    const types = type.types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));
    const literals = types.flatMap((one) => (one.isStringLiteral() || one.isNumberLiteral() ? [one.value] : []));
    const isBoolean = types.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral).length === 2;
    const others = types.filter(
      (one) =>
        !one.isStringLiteral() &&
        !one.isNumberLiteral() &&
        !(isBoolean && (one.flags & ts.TypeFlags.BooleanLiteral) !== 0),
    );
    // sorted: the order of a union's types is that in which the compiler met them
    const all = [
      ...(literals.length === 0 ? [] : [{ enum: literals.sort() }]),
      ...(isBoolean ? [{ type: 'boolean' }] : []),
      ...others
        .map((one) => this.write(one))
        .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)),
    ];
    const [first] = all;
    return all.length === 1 && first !== undefined ? first : { anyOf: all };
  }

  private objectOf(type: ts.Type): Schema {
    const properties = this.checker
      .getPropertiesOfType(type)
      .map((property) => ({ property, of: this.checker.getTypeOfSymbol(property) }))
      .filter(({ of }) => of.getCallSignatures().length === 0);
    const index = this.checker.getIndexInfoOfType(type, ts.IndexKind.String);
    const required = properties.filter(({ property }) => !(property.flags & ts.SymbolFlags.Optional));
    return {
      type: 'object',
      ...(properties.length > 0 && {
        properties: Object.fromEntries(
          properties.map(({ property, of }) => [property.name, this.described(property, of)]),
        ),
      }),
      ...(required.length > 0 && { required: required.map(({ property }) => property.name) }),
      additionalProperties: index === undefined ? false : this.write(index.type),
    };
  }

  private described(property: ts.Symbol, type: ts.Type): Schema {
    const description = descriptionOf(property, this.checker);
    return { ...(description !== undefined && { description }), ...this.write(type) };
  }
}

function isDate(type: ts.Type): boolean {
  return type.getSymbol()?.name === 'Date';
}

/** Returns the text of a docstring, without its tags. */
function descriptionOf(symbol: ts.Symbol, checker: ts.TypeChecker): string | undefined {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, ' ').trim();
  return text === '' ? undefined : text;
}

function byName([one]: readonly [string, Schema], [other]: readonly [string, Schema]): number {
  return one < other ? -1 : 1;
}
