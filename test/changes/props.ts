/** Lists the props of every exported construct, as the compiler knows them. */
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const LIBRARY = resolve(__dirname, '../../packages/ollama-eks');
const SOURCE = join(LIBRARY, 'src');

/** Interfaces whose members are props of their own; all other types are values. */
const NESTED = /(Props|Options|OllamaModel)$/;

/** Arrays are the only built-in type that is looked at. */
const OPTIONS: ts.CompilerOptions = { lib: ['lib.es5.d.ts'], strict: true, types: [] };

/** Reads the library alone: props are declared there, and the types of its dependencies take seconds to read. */
function sourceHost(): ts.CompilerHost {
  const host = ts.createCompilerHost(OPTIONS);
  host.resolveModuleNameLiterals = (names, from) =>
    names.map(({ text }) => {
      const resolvedFileName = resolve(dirname(from), `${text}.ts`);
      const found = text.startsWith('.') && host.fileExists(resolvedFileName);
      return { resolvedModule: found ? { resolvedFileName, extension: ts.Extension.Ts } : undefined };
    });
  return host;
}

/**
 * Returns the docstrings of the props that users can set, by the interface that declares them: `GpuPoolProps.zone`. Each begins
 * with the docstring of the interface.
 */
export function publicProps(): ReadonlyMap<string, string> {
  const index = join(SOURCE, 'index.ts');
  const program = ts.createProgram([index], OPTIONS, sourceHost());
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(index);
  const module = file && checker.getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`cannot read ${index}`);
  const found = new Map<string, string>();
  const visited = new Set<ts.Type>();

  const visit = (type: ts.Type): void => {
    if (visited.has(type)) return;
    visited.add(type);
    for (const property of type.getProperties()) {
      const [declaration] = property.declarations ?? [];
      if (declaration === undefined || !ts.isInterfaceDeclaration(declaration.parent)) continue;
      const docs = [declaration.parent, declaration].flatMap(docsOf).join(' ');
      found.set(`${declaration.parent.name.text}.${property.name}`, docs.replaceAll(/\s+/g, ' '));
      parts(checker.getTypeOfSymbol(property)).filter(isNested).forEach(visit);
    }
  };
  const parts = (type: ts.Type): readonly ts.Type[] => {
    if (type.isUnionOrIntersection()) return type.types.flatMap(parts);
    const element = checker.isArrayType(type) ? checker.getTypeArguments(type as ts.TypeReference)[0] : undefined;
    return element === undefined ? [type] : parts(element);
  };
  const isNested = (type: ts.Type): boolean =>
    (type.getSymbol()?.declarations ?? []).some(
      (declaration) =>
        ts.isInterfaceDeclaration(declaration) &&
        NESTED.test(declaration.name.text) &&
        !relative(SOURCE, declaration.getSourceFile().fileName).startsWith('..'),
    );

  const isTypeOnly = (exported: ts.Symbol) =>
    (exported.declarations ?? []).some(
      (one) => ts.isExportSpecifier(one) && (one.isTypeOnly || one.parent.parent.isTypeOnly),
    );
  for (const exported of checker.getExportsOfModule(module).filter((one) => !isTypeOnly(one))) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    if ((symbol.flags & ts.SymbolFlags.Class) === 0) continue;
    for (const signature of checker.getTypeOfSymbol(symbol).getConstructSignatures()) {
      const [scope, , props] = signature.getParameters();
      if (scope?.name === 'scope' && props !== undefined)
        parts(checker.getTypeOfSymbol(props)).filter(isNested).forEach(visit);
    }
  }
  return found;
}

function docsOf(node: ts.Node): readonly string[] {
  return ts.getJSDocCommentsAndTags(node).flatMap((doc) => (ts.isJSDoc(doc) ? [doc.getText()] : []));
}
