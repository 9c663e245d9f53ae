/**
 * The providers that are known by name: which AI SDK package speaks to each, and which variables hold its key. Data.
 *
 * @module
 */
import type { EnvVars } from '../record/index.ts';

/** How a provider is reached. */
export interface Provider {
  /** The npm package, an optional peer. */
  package: string;
  /** The function in it that takes `{ apiKey, baseURL }` and gives a function from a model's id to the model. */
  create: string;
  /** EnvVars variables that may hold the key, the first that is set counts. */
  keys: readonly string[];
  needsKey: boolean;
  /** For servers that anyone can run; left out, the package knows the address. */
  url?: (env: EnvVars) => string;
  /** The window taken for granted where nothing else is said, in tokens. */
  contextTokens: number;
}

const hosted = (name: string, create: string, keys: readonly string[], contextTokens = 128_000): Provider => ({
  package: name,
  create,
  keys,
  needsKey: true,
  contextTokens,
});

export const PROVIDERS: { readonly [name: string]: Provider } = {
  openai: hosted('@ai-sdk/openai', 'createOpenAI', ['OPENAI_API_KEY']),
  anthropic: hosted('@ai-sdk/anthropic', 'createAnthropic', ['ANTHROPIC_API_KEY'], 200_000),
  google: hosted('@ai-sdk/google', 'createGoogleGenerativeAI', ['GOOGLE_GENERATIVE_AI_API_KEY', 'GEMINI_API_KEY']),
  mistral: hosted('@ai-sdk/mistral', 'createMistral', ['MISTRAL_API_KEY'], 32_000),
  groq: hosted('@ai-sdk/groq', 'createGroq', ['GROQ_API_KEY'], 32_000),
  xai: hosted('@ai-sdk/xai', 'createXai', ['XAI_API_KEY']),
  deepseek: hosted('@ai-sdk/deepseek', 'createDeepSeek', ['DEEPSEEK_API_KEY'], 64_000),
  openrouter: {
    ...hosted('@ai-sdk/openai-compatible', 'createOpenAICompatible', ['OPENROUTER_API_KEY'], 32_000),
    url: () => 'https://openrouter.ai/api/v1',
  },
  ollama: {
    package: '@ai-sdk/openai-compatible',
    create: 'createOpenAICompatible',
    keys: [],
    needsKey: false,
    url: ({ OLLAMA_HOST = 'http://127.0.0.1:11434' }) =>
      `${/^https?:\/\//.test(OLLAMA_HOST) ? OLLAMA_HOST : `http://${OLLAMA_HOST}`}/v1`,
    contextTokens: 8_192,
  },
};
