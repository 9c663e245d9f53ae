/**
 * TypeScript in colours, by the compiler's own scanner.
 *
 * @module
 */
import type { Colour, Paint } from './paint.ts';

/** Colours a program. The scanner is loaded on first use, and not at all where there are no colours. */
export async function highlight(code: string, paint: Paint): Promise<string> {
  if (!paint.on) return code;
  const { default: ts } = await import('typescript');
  const { SyntaxKind } = ts;
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, code);
  /** Braces open inside each template's hole. */
  const holes: number[] = [];
  let text = '';
  for (let kind = scanner.scan(); kind !== SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    if (holes.length > 0) {
      if (kind === SyntaxKind.OpenBraceToken) holes[holes.length - 1]! += 1;
      else if (kind === SyntaxKind.CloseBraceToken && holes.at(-1) === 0) {
        kind = scanner.reScanTemplateToken(false);
        if (kind === SyntaxKind.TemplateTail) holes.pop();
      } else if (kind === SyntaxKind.CloseBraceToken) holes[holes.length - 1]! -= 1;
    }
    if (kind === SyntaxKind.TemplateHead) holes.push(0);
    const colour = colourOf(kind);
    const token = scanner.getTokenText();
    text +=
      colour === undefined
        ? token
        : token
            .split('\n')
            .map((line) => paint(colour, line))
            .join('\n');
  }
  return text;

  function colourOf(kind: number): Colour | undefined {
    if (kind === SyntaxKind.SingleLineCommentTrivia || kind === SyntaxKind.MultiLineCommentTrivia) return 'dim';
    if (kind === SyntaxKind.NumericLiteral || kind === SyntaxKind.BigIntLiteral) return 'yellow';
    if (kind === SyntaxKind.StringLiteral) return 'green';
    if (kind >= SyntaxKind.FirstTemplateToken && kind <= SyntaxKind.LastTemplateToken) return 'green';
    if (kind >= SyntaxKind.FirstKeyword && kind <= SyntaxKind.LastKeyword) return 'magenta';
    return undefined;
  }
}
