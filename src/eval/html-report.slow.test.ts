import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../record/index.ts';
import { memoryStore } from '../run/index.ts';
import { type Arm, oracleArm } from './arm.ts';
import { equals } from './assertions/values.ts';
import { experiment } from './experiment.ts';
import { htmlReport } from './html-report.ts';
import type { EvalTask } from './task-set.ts';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const HOSTILE = '</script><img src=x onerror="document.title=1"><b>bold</b>';

const taskOf = (id: string, answer: Json): EvalTask => ({
  id,
  kind: id.slice(0, 1),
  fold: 'development',
  text: `What is ${id}? ${HOSTILE}`,
  open: () => ({ score: (attempt) => [equals('answer', attempt.answer, answer)], oracle: () => answer }),
});

/** Answers every task with the same. */
const same = (name: string, value: Json): Arm => {
  const { agent } = oracleArm();
  return { name, agent: (scene) => agent({ ...scene, world: { ...scene.world, oracle: () => value } }) };
};

/** On a machine without a browser these are left out; not in CI, which installs one. */
const hasBrowser = existsSync(CHROMIUM) || process.env.CI !== undefined;

let folder: string;
let browser: Browser;
let page: Page;
const requested: string[] = [];
const problems: string[] = [];

describe.skipIf(!hasBrowser)('the page', () => {
  beforeAll(async () => {
    if (!existsSync(CHROMIUM)) {
      throw new Error(
        `There is no browser ${CHROMIUM}. Install one (apt-get install chromium), or name it with CHROMIUM.`,
      );
    }
    folder = await mkdtemp(join(tmpdir(), 'poact-page-'));
    const store = memoryStore();
    const tasks = [taskOf('a1', 5), taskOf('a2', HOSTILE), taskOf('b1', 7)];
    const set = { name: 'sums', version: 1, about: '', rule: '', source: '', tasks };
    const result = await experiment({ name: 'first', sets: [set], arms: [oracleArm(), same('seven', 7)], store });
    await writeFile(join(folder, 'page.html'), await htmlReport(result, store));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    const context = await browser.newContext({ offline: true });
    page = await context.newPage();
    page.on('request', (request) => requested.push(request.url()));
    page.on('pageerror', (problem) => problems.push(problem.message));
    await page.goto(pathToFileURL(join(folder, 'page.html')).href);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const rows = () => page.locator('tr[tabindex]');
  const textsOf = async (column: number) => rows().locator(`td:nth-child(${column})`).allTextContents();

  it('opens without a network, and takes nothing in the data for markup', async () => {
    expect(await page.title()).toBe('first');
    expect(requested).toHaveLength(1);
    expect(problems).toEqual([]);
    expect(await page.locator('b, img').count()).toBe(0);
    expect(await page.locator('svg').count()).toBe(2);
  });

  it('filters', async () => {
    expect(await rows().count()).toBe(6);
    await page.locator('select[name=came]').selectOption('wrong');
    expect(await rows().count()).toBe(2);
    await page.locator('select[name=arm]').selectOption('oracle');
    expect(await rows().count()).toBe(0);
    expect(await page.locator('#count').textContent()).toBe('0 of 6 attempts');
    await page.locator('select[name=came]').selectOption('');
    await page.locator('select[name=kind]').selectOption('b');
    expect(await textsOf(1)).toEqual(['sums b1']);
    await page.locator('select[name=kind]').selectOption('');
    await page.locator('select[name=arm]').selectOption('');
    await page.locator('input[name=text]').fill('a2');
    expect(await rows().count()).toBe(2);
    await page.locator('input[name=text]').fill('');
  });

  it('sorts', async () => {
    const head = page.getByRole('button', { name: 'came' });
    await head.click();
    expect(await textsOf(4)).toEqual(['right', 'right', 'right', 'right', 'wrong', 'wrong']);
    await head.click();
    expect((await textsOf(4))[0]).toBe('wrong');
  });

  it('opens a failed attempt with its steps, and another arm beside it', async () => {
    await page.locator('select[name=came]').selectOption('wrong');
    await rows().first().press('Enter');
    const dialog = page.locator('dialog');
    const [left, right] = [dialog.locator('section').first(), dialog.locator('section').last()];
    expect(await left.locator('select').inputValue()).toBe('seven');
    expect(await right.locator('select').inputValue()).toBe('oracle');
    expect(await left.textContent()).toContain(`What is a`);
    expect(await left.textContent()).toContain('</script><img');
    expect(await right.textContent()).toContain('right: It has an answer.');
    await right.locator('select').selectOption('seven');
    expect(await right.textContent()).toContain('wrong: It has an answer.');
    await dialog.getByRole('button', { name: 'Close' }).click();
    // It leaves the page on its `close` event, which comes a task later.
    await dialog.waitFor({ state: 'detached' });
    expect(problems).toEqual([]);
  });
});
