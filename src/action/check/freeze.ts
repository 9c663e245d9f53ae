/**
 * What a program left behind, as declarations: its top-level names with the types they had at its end.
 *
 * Later programs are compiled against these texts, and not against the programs, so that a check costs the same after
 * three hundred programs as after three.
 *
 * @module
 */
import ts from 'typescript';
import type { Compiled } from './compile.ts';
import type { Doubt } from './diagnose.ts';
import { isPromise } from './nodes.ts';

/** Most parts of one type; what is more is free. */
const MOST_NODES = 250;
const MOST_DEPTH = 6;
const MOST_MEMBERS = 60;

/** Types of the library that are written by name. */
const NAMED = new Set([
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'Promise',
  'Date',
  'RegExp',
  'Iterator',
  'Generator',
  'IteratorObject',
  'ArrayIterator',
  'MapIterator',
  'SetIterator',
  'Uint8Array',
  'Error',
  'Iterable',
]);

/** The declarations of a program's names. What is in doubt is free. */
export function freeze(compiled: Compiled, names: ReadonlySet<string>, isDoubtful: Doubt): string {
  const { checker, file } = compiled;
  const lines: string[] = [];
  for (const name of names) {
    const symbol = (file as ts.SourceFile & { locals?: ts.SymbolTable }).locals?.get(ts.escapeLeadingUnderscores(name));
    const declared = symbol?.valueDeclaration;
    const isSure =
      symbol !== undefined && declared !== undefined && !compiled.typed && !isDoubtfulName(declared, isDoubtful);
    const type = isSure ? new Printer(checker).type(checker.getTypeOfSymbol(symbol), 0) : 'any';
    lines.push(`export declare let ${name}: ${type};`);
  }
  return lines.length === 0 ? 'export {};' : lines.join('\n');
}

function isDoubtfulName(declaration: ts.Declaration, isDoubtful: Doubt): boolean {
  const name = ts.getNameOfDeclaration(declaration);
  return name !== undefined && ts.isIdentifier(name) && isDoubtful(name);
}

const { TypeFlags } = ts;

class Printer {
  readonly #checker: ts.TypeChecker;
  #nodes = 0;

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  type(type: ts.Type, depth: number): string {
    const { flags } = type;
    this.#nodes += 1;
    if (this.#nodes > MOST_NODES || depth > MOST_DEPTH) return 'any';
    if ((flags & TypeFlags.EnumLike) !== 0) return 'any';
    if ((flags & TypeFlags.Boolean) !== 0) return 'boolean';
    if (type.isUnion()) return this.#union(type, depth);
    if (type.isStringLiteral()) return type.value.length > 200 ? 'string' : JSON.stringify(type.value);
    if (type.isNumberLiteral()) return Number.isFinite(type.value) ? String(type.value) : 'number';
    if ((flags & TypeFlags.BooleanLiteral) !== 0) return this.#checker.typeToString(type);
    if ((flags & TypeFlags.StringLike) !== 0) return 'string';
    if ((flags & TypeFlags.NumberLike) !== 0) return 'number';
    if ((flags & TypeFlags.BigIntLike) !== 0) return 'bigint';
    if ((flags & TypeFlags.Null) !== 0) return 'null';
    if ((flags & (TypeFlags.Undefined | TypeFlags.Void)) !== 0) return 'undefined';
    if ((flags & TypeFlags.Object) !== 0) return this.#object(type as ts.ObjectType, depth);
    return 'any';
  }

  #union(type: ts.UnionType, depth: number): string {
    if (type.types.length > MOST_MEMBERS) return 'any';
    const members = new Set(type.types.map((member) => this.type(member, depth)));
    if (members.has('any')) return 'any';
    if (members.delete('true') && members.delete('false')) members.add('boolean');
    return [...members].map((member) => (member.includes('=>') ? `(${member})` : member)).join(' | ');
  }

  #object(type: ts.ObjectType, depth: number): string {
    const checker = this.#checker;
    if (checker.isTupleType(type)) {
      const parts = checker.getTypeArguments(type as ts.TupleTypeReference).map((part) => this.type(part, depth + 1));
      const { target } = type as ts.TupleTypeReference;
      return target.fixedLength === parts.length ? `[${parts.join(', ')}]` : 'any';
    }
    const name = type.symbol?.name;
    if (checker.isArrayType(type)) {
      const [element] = checker.getTypeArguments(type as ts.TypeReference);
      return element === undefined ? 'any' : `(${this.type(element, depth + 1)})[]`;
    }
    const isOwn = type.symbol?.valueDeclaration?.getSourceFile().isDeclarationFile !== true;
    if (name !== undefined && NAMED.has(name) && (!isOwn || isPromise(type))) {
      const given =
        (type.objectFlags & ts.ObjectFlags.Reference) === 0 ? [] : checker.getTypeArguments(type as ts.TypeReference);
      return given.length === 0 ? name : `${name}<${given.map((one) => this.type(one, depth + 1)).join(', ')}>`;
    }
    const [signature, ...others] = type.getCallSignatures();
    if (signature !== undefined) {
      if (others.length > 0 || signature.typeParameters !== undefined) return 'any';
      return `(...args: any[]) => ${this.type(checker.getReturnTypeOfSignature(signature), depth + 1)}`;
    }
    if (type.getConstructSignatures().length > 0 || type.isClass()) return 'any';
    // A class's instance, or a type of the library that is not known by name here.
    if (type.isClassOrInterface() || ((type.objectFlags & ts.ObjectFlags.Anonymous) === 0 && !this.#isPlain(type)))
      return 'any';
    return this.#literal(type, depth);
  }

  /** Spread and mapped types have no form of their own. */
  #isPlain(type: ts.ObjectType): boolean {
    return (type.objectFlags & ts.ObjectFlags.Reference) === 0;
  }

  #literal(type: ts.ObjectType, depth: number): string {
    const checker = this.#checker;
    const properties = checker.getPropertiesOfType(type);
    if (properties.length > MOST_MEMBERS) return 'any';
    const members = properties.flatMap((property) => {
      if (property.name.startsWith('__@')) return [];
      const optional = (property.flags & ts.SymbolFlags.Optional) === 0 ? '' : '?';
      return [
        `${JSON.stringify(property.name)}${optional}: ${this.type(checker.getTypeOfSymbol(property), depth + 1)}`,
      ];
    });
    // What the program made itself may grow.
    const index = checker.getIndexInfosOfType(type).find(({ keyType }) => (keyType.flags & TypeFlags.String) !== 0);
    if (isJsLiteral(type)) members.push('[key: string]: any');
    else if (index !== undefined)
      members.push(`[key: string]: ${members.length > 0 ? 'any' : this.type(index.type, depth + 1)}`);
    return `{ ${members.join('; ')} }`;
  }
}

/** The compiler's mark for object literals of JavaScript, which may grow. */
const isJsLiteral = ({ objectFlags }: ts.ObjectType) => (objectFlags & 4_096) !== 0;
