import { expect, it } from 'vitest';
import { armsNamed, FILE_ARMS, TOOL_ARMS } from '../arms.ts';
import type { Cell } from '../cells.ts';
import { isSilentlyWrong } from '../files/table.ts';
import { m3Table } from './table.ts';

const cell = (arm: string, task: string, right: boolean): Cell => ({
  arm,
  task,
  right,
  status: 'answered',
  why: '',
  warnings: [],
  modelCalls: 2,
  toolCalls: 1,
  sent: 1000,
  evaluated: 400,
  written: 50,
  seconds: 3,
});

it('sets every arm beside poact, pair by pair', () => {
  const tasks = ['a', 'b', 'c', 'd'].map((name) => ({ id: `trade_calculator/${name}`, kind: 'trade_calculator' }));
  const cells = tasks.flatMap(({ id }, index) => [cell('react', id, index === 0), cell('poact', id, index < 3)]);
  const text = m3Table(cells, [{ name: 'react' }, { name: 'poact' }], tasks);
  expect(text).toContain('| react | 1 of 4, 25 % (5 to 70) |');
  expect(text).toContain('| poact over react | 4 | 2 | 0 | +50 (0 to +100) | 0.500 |');
});

it('calls an answer silently wrong only if it was given without a warning', () => {
  const wrong = cell('poact', 'a', false);
  expect(isSilentlyWrong(wrong)).toBe(true);
  expect(isSilentlyWrong({ ...wrong, warnings: ['The candidates disagree.'] })).toBe(false);
  expect(isSilentlyWrong({ ...wrong, status: 'stopped' })).toBe(false);
  expect(isSilentlyWrong({ ...wrong, right: true })).toBe(false);
});

it('has the arms that were asked for, and names those there are', () => {
  expect(TOOL_ARMS.map(({ name }) => name)).toEqual([
    'react',
    'codeAct',
    'poact',
    'poact − plan',
    'poact − step policies',
    'poact − explore',
    'poact − answer',
    'poact − static review',
    'poact − path review',
    'poact − candidates',
  ]);
  expect(armsNamed(TOOL_ARMS, 'react,poact-step-policies').map(({ name }) => name)).toEqual([
    'react',
    'poact − step policies',
  ]);
  expect(() => armsNamed(FILE_ARMS, 'best')).toThrow('No arm "best". There are: first program, with check');
});
