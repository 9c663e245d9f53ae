import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OptionError, SecretError, ToolError } from './errors.ts';
import { isSecret, type Secrets, secret, secretsOf } from './secret.ts';

const VALUE = 'p@ss "word"/ü+1';
const MARK = '[secret KEY]';
const known = async (value = VALUE) => {
  const secrets = secretsOf((name) => (name === 'KEY' ? value : undefined));
  await secrets.resolve(secret('KEY'));
  return secrets;
};
const base64 = (text: string) => Buffer.from(text).toString('base64');

it('is a name that prints as such, and is no value', () => {
  const reference = secret('KEY');
  expect(`${reference} ${JSON.stringify({ reference })}`).toBe(`${MARK} {"reference":"${MARK}"}`);
  expect([isSecret(reference), isSecret('KEY'), isSecret(null)]).toEqual([true, false, false]);
});

it('refuses what cannot be a name, and does not say what it was', () => {
  expect(() => secret('sk live/1')).toThrow(OptionError);
  expect(() => secret('sk live/1')).not.toThrow(/live/);
});

it('says which secret is missing, and what to do', async () => {
  const missing = secretsOf(() => undefined).resolve(secret('KEY'));
  await expect(missing).rejects.toThrow(SecretError);
  await expect(missing).rejects.toMatchObject({
    code: 'secret-missing',
    message:
      'The secret KEY is not there. Set the environment variable KEY, or give createAgent `secrets` that know it.',
  });
  const broken = secretsOf(async () => Promise.reject(new Error('vault sealed')));
  await expect(broken.resolve(secret('KEY'))).rejects.toMatchObject({
    code: 'secret-missing',
    cause: Error('vault sealed'),
  });
  await expect(known('abc')).rejects.toMatchObject({ code: 'secret-short' });
});

it('looks a value up each time, and knows the old one still', async () => {
  let now = 'first-value';
  const secrets = secretsOf(() => now);
  expect(await secrets.resolve(secret('KEY'))).toBe('first-value');
  now = 'second-value';
  expect(await secrets.resolve(secret('KEY'))).toBe('second-value');
  expect(secrets.redact('first-value, second-value')).toBe(`${MARK}, ${MARK}`);
});

it.each([
  ['itself', VALUE],
  ['JSON', JSON.stringify({ key: VALUE })],
  ['JSON in JSON', JSON.stringify(JSON.stringify({ key: VALUE }))],
  ['JSON in ASCII', '{"key":"p@ss \\"word\\"/\\u00fc+1"}'],
  ['an address', `https://host/?key=${encodeURIComponent(VALUE)}`],
  ['a form', new URLSearchParams({ key: VALUE }).toString()],
  ['HTML', '<b>p@ss &quot;word&quot;/ü+1</b>'],
  ['base64', `Basic ${base64(`user:${VALUE}`)}`],
  ['base64, one byte later', base64(`users:${VALUE}!`)],
  ['base64, two bytes later', base64(`user12:${VALUE}!!`)],
  ['base64 for addresses', Buffer.from(VALUE).toString('base64url')],
  ['hexadecimal', Buffer.from(VALUE).toString('hex')],
])('knows a secret as %s', async (_title, text) => {
  const left = (await known()).redact(`before ${text} after`);
  expect(left).toMatch(/^before .*\[secret KEY\].* after$/);
  for (const piece of ['word', 'cEBzc', '703d', '70407373']) expect(left).not.toContain(piece);
});

it('knows any secret in any of these forms', async () => {
  const forms: ((text: string) => string)[] = [
    JSON.stringify,
    (text) => JSON.stringify(JSON.stringify({ text })),
    encodeURIComponent,
    (text) => new URLSearchParams({ text }).toString(),
    (text) => new URL(`https://host/?key=${encodeURIComponent(text)}`).href,
    (text) => base64(`a${text}`),
    (text) => base64(`ab${text}c`),
    (text) => Buffer.from(`abc${text}cd`).toString('base64url'),
    (text) => Buffer.from(text).toString('hex'),
    (text) => text,
  ];
  const texts = fc.oneof(fc.string({ unit: 'grapheme', minLength: 6 }), fc.string({ minLength: 6 }));
  await fc.assert(
    fc.asyncProperty(
      texts.map((text) => `k${text}7Q`),
      async (text) => {
        const secrets = await known(text);
        for (const form of forms) expect(secrets.redact(form(text)), form.toString()).toContain(MARK);
      },
    ),
    { numRuns: 500 },
  );
});

it('knows the lines of a secret of several, and one with space around it', async () => {
  const line = 'MIIEvQIBADANBgkqhkiG9w0';
  const secrets = await known(`-----BEGIN PRIVATE KEY-----\n${line}\n`);
  expect(secrets.redact(line)).toBe(MARK);
  expect((await known('  padded-value\n')).redact('padded-value')).toBe(MARK);
});

it('cleans what is nested, keys and numbers too, and gives back as it is what holds none', async () => {
  const secrets = await known('12345678');
  const clean = { a: [1, 'x', null, Number.NaN], b: { c: true } };
  expect(secrets.redact(clean)).toBe(clean);
  const dirty = { a: ['x12345678', 12345678, 9123456789], '12345678': { b: 12345678n } };
  expect(secrets.redact(dirty)).toEqual({ a: [`x${MARK}`, MARK, 9123456789], [MARK]: { b: MARK } });
});

it('cleans an error: message, stack, facts and cause, and keeps its class', async () => {
  const secrets = await known();
  const error = new ToolError('tool-failed', `It said ${VALUE}`, { said: VALUE }, new Error(VALUE));
  const left = secrets.redactError(error);
  expect(left).toBeInstanceOf(ToolError);
  expect(left).toMatchObject({ code: 'tool-failed', message: `It said ${MARK}`, facts: { said: MARK } });
  expect(`${left.stack} ${(left.cause as Error).stack}`).not.toContain('word');
  expect(error.message).toContain(VALUE);
  const other = new Error('none');
  expect(secrets.redactError(other)).toBe(other);
});

it('passes a stream on without secrets, wherever it is cut', async () => {
  const secrets = await known();
  const text = `before p@ss p@ss "w ${VALUE} ${JSON.stringify(VALUE)}p@`;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 60, maxLength: 60 }), (sizes) => {
      expect(streamed(secrets, text, sizes)).toBe(secrets.redact(text));
    }),
  );
});

/** What a stream passes on when it gets a text in pieces of these sizes. */
const streamed = (secrets: Secrets, text: string, sizes: readonly number[]) => {
  let heard = '';
  const stream = secrets.stream((piece) => {
    heard += piece;
  });
  let at = 0;
  for (const size of sizes) {
    stream.write(text.slice(at, at + size));
    at += size;
  }
  stream.write(text.slice(at));
  stream.end();
  return heard;
};

// The shorter one was cleaned as soon as it was there, and the rest of the longer one went out in clear.
it('knows in a stream a secret that begins with another, and one that ends as another begins', async () => {
  const values: { [name: string]: string } = { A: 'abcd1234', B: 'abcd1234efgh5678', C: 'key-abcd', D: '5678-wxyz' };
  const secrets = secretsOf((name) => values[name]);
  for (const name of Object.keys(values)) await secrets.find(name);
  for (const text of ['say abcd1234efgh5678.', 'key-abcd1234', 'key-abcdef', 'abcd1234efgh5678-wxyz', 'abcd1234efg']) {
    for (let size = 1; size <= text.length; size++) {
      const pieces = Array(text.length).fill(size);
      expect(streamed(secrets, text, pieces), `${text} by ${size}`).toBe(secrets.redact(text));
    }
  }
});

// Only whole forms were looked for as they came, so one that was escaped otherwise went out piece by piece.
it('knows in a stream a secret however it is escaped', async () => {
  const value = 'pa ss&wo"rd%5\\é😀';
  const secrets = await known(value);
  const html = value.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  const upper = (text: string) => text.replace(/%[\da-f]{2}/gi, (code) => code.toLowerCase());
  const json = JSON.stringify(value).slice(1, -1);
  const ascii = json.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const forms = [
    value,
    html,
    html.replaceAll('&', '&amp;'),
    upper(encodeURIComponent(value)),
    encodeURIComponent(encodeURIComponent(value)),
    new URLSearchParams({ value }).toString().slice(6),
    json,
    JSON.stringify(json).slice(1, -1),
    ascii,
  ];
  const text = `See ${forms.join(' | ')} & so on, 100 % \\`;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 100, maxLength: 100 }), (sizes) => {
      const heard = streamed(secrets, text, sizes);
      expect(heard).toBe(secrets.redact(text));
      expect(heard).not.toMatch(/wo|rd|ss/);
    }),
  );
});

it('passes on at once what can be no beginning of a secret', async () => {
  const heard: string[] = [];
  const stream = (await known()).stream((piece) => void heard.push(piece));
  for (const piece of ['One ', 'and ', '100 % of it ', 'p', 'lus']) stream.write(piece);
  expect(heard).toEqual(['One ', 'and ', '100 % of it ', 'plus']);
});

it('is quick on large texts', async () => {
  const secrets = await known();
  const large = 'row '.repeat(2_500_000);
  const began = performance.now();
  expect(secrets.redact({ large }).large.length).toBe(large.length);
  expect(performance.now() - began).toBeLessThan(5_000);
});
