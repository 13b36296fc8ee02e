/** Every prop of every exported construct has a row in the matrix of changes, and docs/changes.md shows it. */
import { readFixture, readPage, renderPage } from './fixture';
import { publicProps } from './props';
import { ROWS } from './rows';

/** Effects on data, requests, people or nodes. */
const NOTICED = /\b(loses|interrupts|rolls nodes|upgrades|refused|creates model volumes|restarts servers):?/;
/** How a docstring speaks of a change. */
const SAID = /\b[Cc]hang(e|es|ed|ing)\b|\b[Aa]nother\b/;

const props = publicProps();

test('every prop has a row, and every row a prop', () => {
  expect(Object.keys(ROWS).sort()).toEqual([...props.keys()].sort());
});

test('every row that a plan can show has been planned', () => {
  const planned = Object.entries(ROWS).filter(([, row]) => !('effect' in row));
  expect(planned.length).toBeGreaterThan(100);
  expect(Object.keys(readFixture()).sort()).toEqual(planned.map(([prop]) => prop).sort());
});

test('the docstring of a prop says what a change does, if anyone notices it', () => {
  const fixture = Object.entries(readFixture());
  const noticed = fixture.filter(([, { effects }]) => NOTICED.test(effects)).map(([prop]) => prop);
  expect(noticed.length).toBeGreaterThan(30);
  expect(noticed.filter((prop) => !SAID.test(props.get(prop) ?? ''))).toEqual([]);
});

test('docs/changes.md is generated from the rows', () => {
  expect(readPage()).toBe(renderPage(readFixture()));
});
