/** ESLint plugin that reports import cycles. It counts type-only imports, which `import-x/no-cycle` ignores. */
const { existsSync, readFileSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');
const { preProcessFile } = require('typescript');

/** Imports by importing file. A file is read once, and again whenever it is linted: an editor lints what it changes. */
const graph = new Map();

const importsIn = (file, text) =>
  preProcessFile(text, true, true).importedFiles.flatMap(({ fileName, pos, end }) => {
    const path = join(dirname(file), fileName.replace(/\.js$/, ''));
    const target = [`${path}.ts`, join(path, 'index.ts')].find((candidate) => existsSync(candidate));
    return fileName.startsWith('.') && target !== undefined ? [{ target, pos, end }] : [];
  });

const targetsOf = (file) => {
  if (!graph.has(file)) graph.set(file, importsIn(file, readFileSync(file, 'utf8')));
  return graph.get(file).map(({ target }) => target);
};

/** The shortest chain of imports from one file to another; undefined when there is none. */
const chain = (from, to) => {
  const importers = new Map([[from, undefined]]);
  for (const file of importers.keys()) {
    if (file === to) {
      const files = [];
      for (let step = file; step !== undefined; step = importers.get(step)) files.unshift(step);
      return files;
    }
    for (const target of targetsOf(file)) if (!importers.has(target)) importers.set(target, file);
  }
  return undefined;
};

const noCycle = {
  meta: { schema: [], messages: { cycle: 'import cycle: {{files}}' } },
  create({ cwd, filename, sourceCode, report }) {
    return {
      Program() {
        graph.set(filename, importsIn(filename, sourceCode.text));
        for (const { target, pos, end } of graph.get(filename)) {
          const back = chain(target, filename);
          if (back === undefined) continue;
          const files = [filename, ...back].map((file) => relative(cwd, file)).join(' → ');
          const loc = { start: sourceCode.getLocFromIndex(pos), end: sourceCode.getLocFromIndex(end) };
          report({ loc, messageId: 'cycle', data: { files } });
        }
      },
    };
  },
};

module.exports = { rules: { 'no-cycle': noCycle } };
