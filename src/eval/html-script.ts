/** What the page does (html-report.ts): plots, a table to filter and sort, and two arms beside each other on one task. */
export const PAGE_SCRIPT = `
'use strict';
const { table, cells, steps } = JSON.parse(document.getElementById('data').textContent);
const arms = table.rows.map((row) => row.arm);
const percent = (share) => (100 * share).toFixed(1) + ' %';
const make = (name, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
};
const came = (cell) => (cell.success ? 'right' : cell.unknown ? 'unknown' : 'wrong');

document.body.append(
  make('h1', { textContent: table.experiment }),
  make('p', { className: 'note', textContent:
    table.tasks + ' tasks, ' + table.seeds + (table.seeds === 1 ? ' seed, ' : ' seeds, ') + cells.length + ' attempts' +
    (table.missing > 0 ? ', ' + table.missing + ' not made' : '') + (table.why ? '. ' + table.why : '.') +
    ' Intervals are 95 %.' }),
);

function svg(name, attributes, text) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

/** Intervals below each other: a dot, and a line from low to high. */
function plot(title, rows, from, to) {
  const left = 220, width = 760, line = 26;
  const x = (value) => left + (width - left - 90) * ((Math.min(to, Math.max(from, value)) - from) / (to - from));
  const picture = svg('svg', { viewBox: '0 0 ' + width + ' ' + (rows.length * line + 24), role: 'img', 'aria-label': title });
  if (from < 0) picture.append(svg('line', { x1: x(0), x2: x(0), y1: 0, y2: rows.length * line, stroke: 'gray', 'stroke-dasharray': '3 3' }));
  rows.forEach(({ name, interval }, at) => {
    const y = at * line + 14;
    picture.append(
      svg('text', { x: 0, y: y + 4 }, name),
      svg('line', { x1: x(interval.low), x2: x(interval.high), y1: y, y2: y, stroke: 'dodgerblue', 'stroke-width': 3 }),
      svg('circle', { cx: x(interval.value), cy: y, r: 5, fill: 'dodgerblue' }),
      svg('text', { x: width - 80, y: y + 4 }, percent(interval.value)),
    );
  });
  picture.append(svg('text', { x: x(from), y: rows.length * line + 18 }, percent(from)), svg('text', { x: x(to) - 30, y: rows.length * line + 18 }, percent(to)));
  document.body.append(make('h2', { textContent: title }), picture);
}
plot('Success', table.rows.map((row) => ({ name: row.arm, interval: row.success })), 0, 1);
if (table.comparisons.length > 0) {
  plot('Difference on the same tasks', table.comparisons.map((one) => ({ name: one.second + ' against ' + one.first, interval: one.difference })), -1, 1);
}

/** A table whose columns sort. Columns: heading, value to sort by, text. */
function sortable(columns, rows, open) {
  const body = make('tbody');
  const heads = columns.map(([name], at) => {
    const head = make('th', {}, make('button', { type: 'button', textContent: name }));
    head.firstChild.addEventListener('click', () => {
      const up = head.getAttribute('aria-sort') !== 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      const of = columns[at][1];
      rows.sort((one, other) => {
        const [a, b] = [of(one), of(other)];
        return (a < b ? -1 : a > b ? 1 : 0) * (up ? 1 : -1);
      });
      draw();
    });
    return head;
  });
  let shown = () => true;
  function draw() {
    body.replaceChildren(...rows.filter((row) => shown(row)).map((row) => {
      const line = make('tr', {}, ...columns.map(([, , text, style]) => make('td', { textContent: text(row), className: style ? style(row) : '' })));
      if (open) {
        line.tabIndex = 0;
        line.addEventListener('click', () => open(row));
        line.addEventListener('keydown', (event) => { if (event.key === 'Enter') open(row); });
      }
      return line;
    }));
  }
  draw();
  return { node: make('table', {}, make('thead', {}, make('tr', {}, ...heads)), body), filter: (of) => { shown = of; draw(); } };
}

const number = (of, digits) => [of, (row) => (of(row) === undefined ? '–' : of(row).toFixed(digits))];
const share = (of) => [of, (row) => percent(of(row))];
document.body.append(
  make('h2', { textContent: 'Arms' }),
  sortable([
    ['arm', (row) => row.arm, (row) => row.arm],
    ['success', ...share((row) => row.success.value)],
    ['wrong, no warning', ...share((row) => row.wrongWithoutWarning)],
    ['unknown', ...share((row) => row.unknown)],
    ['model calls', ...number((row) => row.modelCalls, 1)],
    ['sent', ...number((row) => row.sent, 0)],
    ['written', ...number((row) => row.written, 0)],
    ['seconds', ...number((row) => row.seconds, 1)],
    ['$', ...number((row) => row.costUsd, 4)],
  ], [...table.rows]).node,
);

const select = (label, name, options) =>
  make('label', {}, label + ' ', make('select', { name }, make('option', { value: '', textContent: 'all' }), ...options.map((text) => make('option', { value: text, textContent: text }))));
const of = (key) => [...new Set(cells.map((cell) => String(cell[key])))];
const form = make('form', {},
  select('arm', 'arm', arms), select('set', 'set', of('set')), select('kind', 'kind', of('kind')),
  select('came', 'came', ['right', 'wrong', 'unknown']), select('warned', 'warned', ['yes', 'no']),
  make('label', {}, 'holds ', make('input', { name: 'text', type: 'search' })));
const count = make('p', { className: 'note', id: 'count' });
const attempts = sortable([
  ['task', (cell) => cell.set + ' ' + cell.task, (cell) => cell.set + ' ' + cell.task],
  ['arm', (cell) => cell.arm, (cell) => cell.arm],
  ['seed', (cell) => cell.seed, (cell) => String(cell.seed)],
  ['came', came, came, came],
  ['answer', (cell) => JSON.stringify(cell.answer) ?? '', (cell) => (JSON.stringify(cell.answer) ?? cell.why).slice(0, 80)],
  ['warnings', (cell) => cell.warnings.length, (cell) => String(cell.warnings.length)],
  ['sent', (cell) => cell.sent, (cell) => String(cell.sent)],
  ['seconds', (cell) => cell.seconds, (cell) => cell.seconds.toFixed(1)],
], [...cells], open);
function filter() {
  const wanted = Object.fromEntries(new FormData(form));
  const holds = (cell) =>
    ['arm', 'set', 'kind'].every((key) => wanted[key] === '' || String(cell[key]) === wanted[key]) &&
    (wanted.came === '' || came(cell) === wanted.came) &&
    (wanted.warned === '' || (cell.warnings.length > 0) === (wanted.warned === 'yes')) &&
    JSON.stringify([cell.task, cell.answer, cell.warnings, cell.assertions]).toLowerCase().includes(wanted.text.toLowerCase());
  attempts.filter(holds);
  count.textContent = cells.filter(holds).length + ' of ' + cells.length + ' attempts';
}
form.addEventListener('input', filter);
form.addEventListener('submit', (event) => event.preventDefault());
document.body.append(make('h2', { textContent: 'Attempts' }), form, count, attempts.node);
filter();

/** Two arms on one task. */
function open(cell) {
  const same = cells.filter((one) => one.set === cell.set && one.task === cell.task && one.seed === cell.seed);
  const close = make('button', { type: 'button', textContent: 'Close' });
  const sides = make('div', { className: 'sides' }, side(same, cell), side(same, same.find((one) => one !== cell) ?? cell));
  const dialog = make('dialog', {}, make('h2', { textContent: cell.set + ' ' + cell.task + ', seed ' + cell.seed }), sides, close);
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function side(same, first) {
  const choice = make('select', {}, ...same.map((one) => make('option', { value: one.arm, textContent: one.arm, selected: one === first })));
  const content = make('div');
  const draw = () => {
    const cell = same.find((one) => one.arm === choice.value);
    content.replaceChildren(
      make('p', { className: came(cell), textContent: came(cell) + ': ' + cell.why }),
      entry('answer', JSON.stringify(cell.answer) ?? 'none'),
      ...cell.warnings.map((warning) => entry('warning', warning)),
      ...cell.assertions.map((one) => entry(one.name + ': ' + one.verdict + (one.by === 'judge' ? ' (by a model)' : ''), one.reason)),
      ...(steps[cell.run] ?? []).map((step) => entry(step.what, step.text)),
      make('p', { className: 'note', textContent: 'Run ' + cell.run + ', ' + cell.modelCalls + ' model calls, ' + cell.sent + ' tokens sent' + (steps[cell.run] ? '.' : '; poact log shows its steps.') }),
    );
  };
  choice.addEventListener('change', draw);
  draw();
  return make('section', {}, make('label', {}, 'arm ', choice), content);
}
const entry = (what, text) => make('div', {}, make('div', { className: 'what', textContent: what }), make('pre', { textContent: text }));
`;
