/**
 * The check of one program: compile, look, mend what is certain, and look again.
 *
 * @module
 */
import type { Finding } from '../../record/index.ts';
import type { WrittenValue } from '../written-values.ts';
import { awaitMissing, mainNotAwaited } from './await-rules.ts';
import type { CheckRequest, CheckResult } from './checker.ts';
import { type Compiled, compile } from './compile.ts';
import { foreignCondition } from './condition-rules.ts';
import { diagnosticsOf, doubtOf, sortDiagnostics, syntaxFound, unknownProperties } from './diagnose.ts';
import { applyEdits, type Edited } from './edits.ts';
import { listByName } from './list-rules.ts';
import {
  constAssigned,
  dataRedefined,
  importUsed,
  loopHides,
  mainNotCalled,
  returnAtTop,
  toolRedefined,
  undeclared,
} from './name-rules.ts';
import { differenceDivided, textsSubtracted } from './number-rules.ts';
import type { Found, Report } from './rule.ts';
import type { CheckRuleName } from './rules.ts';
import { remember, surroundingsOf } from './session.ts';
import { answerMany, resultNotShown, resultUnused } from './show-rules.ts';
import { fieldRespelt, nameRespelt } from './spelling.ts';
import { sqlNames } from './sql-names.ts';
import { sqlTexts } from './sql-texts.ts';
import { sqlTool, sqlTwice } from './sql-tool.ts';
import { sqlValues } from './sql-values.ts';
import { thenHandled } from './then-rules.ts';
import { toolArguments } from './tool-arguments.ts';
import { totalAcrossRows } from './total-rules.ts';

/** A function that becomes asynchronous makes another one asynchronous; deeper than this, nothing is certain. */
const MOST_ROUNDS = 6;
/** What a model can mend at once. */
const MOST_FINDINGS = 4;

/** What came of a check, and the work that can wait until it is told: `remember` keeps what the program would leave behind. */
export interface Checked {
  result: CheckResult;
  remember(): void;
}

/** Checks a program. */
export function checkProgram({ source, tools, data, session, off = [], written = [] }: CheckRequest): Checked {
  const isOn = (rule: string) => !off.includes(rule as CheckRuleName);
  const surroundings = surroundingsOf(tools, data, session);
  const edits: Edited[] = [];
  const mended: Finding[] = [];
  let text = source;
  for (let round = 0; ; round++) {
    const compiled = compile(text, surroundings);
    const report = look(compiled, written, isOn);
    const findings = report.found.map((found) => findingOf(found, source, edits));
    if (findings.some(({ severity }) => severity === 'block'))
      return { result: { findings: worst(findings) }, remember() {} };
    if (report.edits.length === 0 || round === MOST_ROUNDS) {
      const ran = text;
      // What the compiler thinks of our own changes is no news.
      const news = edits.length === 0 ? findings : findings.filter(({ rule }) => !rule.startsWith('ts'));
      const result = { findings: worst([...mended, ...news]), ...(edits.length === 0 ? {} : { amended: ran }) };
      return { result, remember: () => remember(ran, surroundings, compiled) };
    }
    mended.push(...findings);
    const edited = applyEdits(text, report.edits);
    edits.unshift(edited);
    text = edited.text;
  }
}

function look(compiled: Compiled, written: readonly WrittenValue[], isOn: (rule: string) => boolean): Report {
  const { syntax, types } = diagnosticsOf(compiled);
  if (syntax.length > 0) return { found: isOn('syntax') ? syntaxFound(syntax) : [], edits: [] };
  const report: Report = { found: [], edits: [] };
  const diagnostics = types();
  const isDoubtful = doubtOf(compiled, diagnostics);
  const rules: readonly [readonly CheckRuleName[], (report: Report) => void][] = [
    [['import-used'], (to) => importUsed(compiled, to)],
    [['tool-redefined'], (to) => toolRedefined(compiled, to)],
    [['data-redefined'], (to) => dataRedefined(compiled, to)],
    [['return-at-top'], (to) => returnAtTop(compiled, to)],
    [['name-respelt'], (to) => nameRespelt(compiled, to)],
    [['field-respelt'], (to) => fieldRespelt(unknownProperties(compiled, diagnostics, isDoubtful), to)],
    [['foreign-condition'], (to) => foreignCondition(compiled, to)],
    [['then-handled'], (to) => thenHandled(compiled, to)],
    [['sql-texts'], (to) => sqlTexts(compiled, to)],
    [['sql-names'], (to) => sqlNames(compiled, to)],
    [['sql-tool'], (to) => sqlTool(compiled, to)],
    [['sql-values'], (to) => sqlValues(compiled, written, to)],
    [['sql-twice'], (to) => sqlTwice(compiled, to)],
    [['difference-divided'], (to) => differenceDivided(compiled, to)],
    [['texts-subtracted'], (to) => textsSubtracted(compiled, to)],
    [['undeclared'], (to) => undeclared(compiled, to)],
    [['loop-hides'], (to) => loopHides(compiled, to)],
    [['const-assigned'], (to) => constAssigned(compiled, to)],
    [['main-not-called'], (to) => mainNotCalled(compiled, to)],
    [['main-not-awaited'], (to) => mainNotAwaited(compiled, to)],
    [['answer-many'], (to) => answerMany(compiled, to)],
    [['result-not-shown'], (to) => resultNotShown(compiled, to)],
    [['result-unused'], (to) => resultUnused(compiled, to)],
    [['list-by-name'], (to) => listByName(compiled, to)],
    [['total-across-rows'], (to) => totalAcrossRows(compiled, to)],
    [['await-missing', 'promise-in-answer'], (to) => awaitMissing(compiled, to)],
    [['tool-arguments', 'argument-bare'], (to) => toolArguments(compiled, to, isDoubtful)],
  ];
  for (const [names, rule] of rules) {
    if (!names.some(isOn)) continue;
    const own: Report = { found: [], edits: [] };
    rule(own);
    report.found.push(...own.found.filter((found) => isOn(found.rule)));
    report.edits.push(...own.edits.filter((edit) => isOn(edit.rule)));
    // One kind of mending at a time: what it changes, the next rule sees.
    if (report.edits.length > 0) break;
  }
  if (report.edits.length === 0) {
    const blocked = new Set(report.found.map(({ at }) => at));
    const sorted = sortDiagnostics(compiled, diagnostics, isDoubtful);
    report.found.push(...sorted.filter(({ at, rule }) => isOn(rule) && !blocked.has(at)));
  }
  return report;
}

/** A finding, at the place where the model wrote it. `edits` are the newest first. */
function findingOf({ rule, severity, message, remedy, at }: Found, source: string, edits: readonly Edited[]): Finding {
  let offset = at;
  for (const edit of edits) offset = edit.before(offset);
  const before = source.slice(0, Math.min(offset, source.length));
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  return { rule, severity, message, ...(remedy === undefined ? {} : { remedy }), line, column };
}

/** The first few, what blocks ahead of what warns. */
function worst(findings: readonly Finding[]): Finding[] {
  const place = ({ line = 0, column = 0 }: Finding) => line * 10_000 + column;
  const sorted = findings.toSorted(
    (a, b) => Number(b.severity === 'block') - Number(a.severity === 'block') || place(a) - place(b),
  );
  const distinct = sorted.filter(
    (one, at) =>
      sorted.findIndex(
        (other) => other.rule === one.rule && other.message === one.message && other.line === one.line,
      ) === at,
  );
  return distinct.slice(0, MOST_FINDINGS);
}
