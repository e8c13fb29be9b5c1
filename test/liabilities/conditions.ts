import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';

/**
 * The verifiers' own source with every condition under a switch: `a && b < c` becomes two places, and each can be forced true or
 * false while a test runs. It is how the tests disable what no check's name reaches: a bound, a length, one term of several.
 */

/** One condition of the source, at one place. */
export interface Condition {
  readonly id: number;
  /** Path below src, and the line there. */
  readonly file: string;
  readonly line: number;
  /** As it stands in the source; `(2)` behind it is the second of that text in the file. */
  readonly text: string;
  /** Ways to force it that are worth a run: not those that only repeat another one for the type checker. */
  readonly ways: readonly boolean[];
}

/** What instrumented code asks at every condition, and counts down in every loop. */
interface Control {
  active: number;
  value: boolean;
  ticks: number;
  /** What modules remember between calls, by file. */
  readonly caches: { readonly file: string; readonly cache: Map<unknown, unknown> }[];
  /** Notes what a condition was, and hands it on. */
  saw<T>(id: number, value: T): T;
}

/** What one run as written met: the conditions that were true or false at some time, and how many rounds its loops made. */
export interface Trace {
  saw(id: number, value: boolean): boolean;
  readonly ticks: number;
  /** The same for runs that met the same. */
  readonly met: string;
}

export interface Instrumented {
  readonly conditions: readonly Condition[];
  load<T>(file: string): Promise<T>;
  /** Runs with one condition forced; loops end with an error after that many rounds. */
  force<T>(condition: Condition, value: boolean, ticks: number, run: () => Promise<T>): Promise<T>;
  /** Runs as written. */
  trace(run: () => Promise<unknown>): Promise<Trace>;
  remove(): void;
}

const SRC = resolve(import.meta.dirname, '../../src');
const CONTROL = '__conditions';

/** Copies src/liabilities, src/lib and src/domain to a folder of their own; conditions of files that `wanted` names get a switch. */
export function instrument(wanted: (file: string) => boolean): Instrumented {
  const folder = mkdtempSync(join(tmpdir(), 'reservewatch-conditions-'));
  symlinkSync(resolve(SRC, '../node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const conditions: Condition[] = [];
  for (const part of ['liabilities', 'lib', 'domain'])
    for (const file of filesBelow(join(SRC, part))) {
      const name = relative(SRC, file);
      const text = readFileSync(file, 'utf8');
      const { outputText } = ts.transpileModule(wanted(name) ? withSwitches(name, text, conditions) : text, {
        fileName: file,
        compilerOptions: {
          target: ts.ScriptTarget.ES2023,
          module: ts.ModuleKind.ESNext,
          verbatimModuleSyntax: true,
          rewriteRelativeImportExtensions: true,
        },
      });
      const to = join(folder, name.replace(/\.ts$/, '.js'));
      mkdirSync(resolve(to, '..'), { recursive: true });
      writeFileSync(to, `const __c = globalThis.${CONTROL};\n${outputText}`);
    }
  let met = new Uint8Array(2 * conditions.length);
  const control: Control = {
    ...{ active: -1, value: false, ticks: Infinity, caches: [] },
    saw(id, value) {
      met[2 * id + (value ? 1 : 0)] = 1;
      return value;
    },
  };
  (globalThis as Record<string, unknown>)[CONTROL] = control;
  /** What was worked out before would hide a condition of that work, and what it gives when forced would outlast it. */
  const forget = (of: string | null): void => {
    for (const { file, cache } of control.caches) if (of === null || file === of) cache.clear();
  };
  return {
    conditions,
    load: (file) => import(/* @vite-ignore */ pathToFileURL(join(folder, file)).href),
    async force({ id, file }, value, ticks, run) {
      forget(file);
      Object.assign(control, { active: id, value, ticks });
      try {
        return await run();
      } finally {
        Object.assign(control, { active: -1, ticks: Infinity });
        forget(file);
      }
    },
    async trace(run) {
      met = new Uint8Array(2 * conditions.length);
      forget(null);
      control.ticks = 2 ** 40;
      await run();
      const own = met;
      const ticks = 2 ** 40 - control.ticks;
      control.ticks = Infinity;
      return {
        saw: (id, value) => own[2 * id + (value ? 1 : 0)] === 1,
        ticks,
        met: Buffer.from(own).toString('latin1'),
      };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** The sources of that name below src/liabilities: what of src/lib is instrumented has tests of its own. */
export const sourcesOf = (wanted: (file: string) => boolean): readonly string[] =>
  filesBelow(join(SRC, 'liabilities'))
    .map((file) => relative(SRC, file))
    .filter(wanted);

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

const COMPARISONS: ReadonlySet<ts.SyntaxKind> = new Set([
  ...[ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken],
  ...[ts.SyntaxKind.LessThanToken, ts.SyntaxKind.LessThanEqualsToken],
  ...[ts.SyntaxKind.GreaterThanToken, ts.SyntaxKind.GreaterThanEqualsToken],
]);
/** Callbacks of these say yes or no. */
const ASKING: ReadonlySet<string> = new Set(['every', 'some', 'find', 'findIndex', 'filter']);

/** The source with a switch around every condition and a counter in every loop. */
function withSwitches(file: string, text: string, conditions: Condition[]): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const inserts: { readonly at: number; readonly order: number; readonly text: string }[] = [];
  const times = new Map<string, number>();
  const around = (node: ts.Node, before: string, after: string): void => {
    const [from, to] = [node.getStart(source), node.getEnd()];
    // At one place the inner of two ends first, and the outer starts first.
    inserts.push({ at: from, order: 1e9 - (to - from), text: before }, { at: to, order: to - from, text: after });
  };
  const visit = (node: ts.Node, inLoopHead: boolean): void => {
    if (ts.isTypeNode(node)) return;
    if (!inLoopHead && isCondition(node)) {
      const id = conditions.length;
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      const own = node.getText(source).replace(/\s+/g, ' ');
      const nth = (times.get(own) ?? 0) + 1;
      times.set(own, nth);
      const text = nth === 1 ? own : `${own} (${nth})`;
      conditions.push({ id, file, line: line + 1, text, ways: waysOf(node, own, source) });
      // What a call does besides answering is still done; but a check that is forced counts as not made.
      const done =
        ts.isCallExpression(node) && calledName(node) !== 'require'
          ? `(${node.getText(source)}, __c.value)`
          : '__c.value';
      around(node, `((__c.active === ${id}) ? ${done} : __c.saw(${id}, (`, ')))');
    }
    if (ts.isIterationStatement(node, false)) {
      around(node.statement, '{ if (--__c.ticks < 0) throw new Error("endless"); ', ' }');
      // What keeps a loop going refuses nothing; only its body is looked at.
      ts.forEachChild(node, (child) => visit(child, child !== node.statement));
    } else ts.forEachChild(node, (child) => visit(child, inLoopHead && !ts.isFunctionLike(child)));
  };
  visit(source, false);
  for (const cache of source.statements.flatMap((statement) => cachesOf(statement, source)))
    inserts.push({ at: text.length, order: 0, text: `\n__c.caches.push({ file: '${file}', cache: ${cache} });` });
  inserts.sort((a, b) => a.at - b.at || a.order - b.order);
  let [out, done] = ['', 0];
  for (const { at, text: more } of inserts) {
    out += text.slice(done, at) + more;
    done = at;
  }
  return out + text.slice(done);
}

/** The names of the maps that a module starts empty. */
const cachesOf = (statement: ts.Statement, source: ts.SourceFile): readonly string[] =>
  ts.isVariableStatement(statement)
    ? statement.declarationList.declarations
        .filter(({ initializer }) => initializer && /^new Map<.*>\(\)$/s.test(initializer.getText(source)))
        .map(({ name }) => name.getText(source))
    : [];

/** Whether a node says yes or no by itself: a comparison, or what stands where a yes or no is asked for and is no connective. */
function isCondition(node: ts.Node): boolean {
  if (!ts.isExpression(node) || ts.isParenthesizedExpression(node)) return false;
  if (isConnective(node)) return false;
  if (ts.isBinaryExpression(node) && COMPARISONS.has((node as ts.BinaryExpression).operatorToken.kind)) return true;
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) return false;
  return isAsked(node);
}

const isConnective = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) &&
  (node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    node.operatorToken.kind === ts.SyntaxKind.BarBarToken);

function isAsked(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return isAsked(parent);
  if (ts.isIfStatement(parent) || ts.isConditionalExpression(parent))
    return node === ('expression' in parent ? parent.expression : parent.condition);
  if (isConnective(parent)) return true;
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken;
  if (ts.isCallExpression(parent))
    return calledName(parent) === 'require' && parent.arguments[1] === node && !ts.isConditionalExpression(node);
  if (ts.isArrowFunction(parent) && parent.body === node)
    return (
      (ts.isCallExpression(parent.parent) && ASKING.has(calledName(parent.parent))) ||
      parent.type?.kind === ts.SyntaxKind.BooleanKeyword
    );
  if (ts.isReturnStatement(parent)) {
    const owner = ts.findAncestor(parent, ts.isFunctionLike);
    return owner?.type?.kind === ts.SyntaxKind.BooleanKeyword;
  }
  return false;
}

const calledName = ({ expression }: ts.CallExpression): string =>
  ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();

/** `!require(name, x) || !x`: the second is for the type checker, which does not know that the first says the same. */
function waysOf(node: ts.Node, text: string, source: ts.SourceFile): readonly boolean[] {
  // A switch that no run turns: that it is off says nothing.
  if (/\boff\(|^(?:lenient|wrap|anySalt)$|^disabled\b/.test(text)) return [true];
  let top = node;
  while (ts.isParenthesizedExpression(top.parent) || ts.isPrefixUnaryExpression(top.parent)) top = top.parent;
  const { parent } = top;
  if (!isConnective(parent) || parent.right !== top) return [true, false];
  const left = parent.left.getText(source).replace(/\s+/g, ' ');
  const [subject] = text.split(/ (?:===|!==) /);
  const repeats = /^!(?:\w+\.)?require\(/.test(left) && left.includes(`, ${subject}`);
  return repeats ? [] : [true, false];
}
