/**
 * Reads from their source text which keys the configuration schemas have. From the text, because
 * tools may not import an app, and the decorators say it all: `@ConfigKey()` marks a key and
 * `section: () => X` the class that it leads to.
 */
import ts from 'typescript';

interface SchemaClass {
  readonly base: string | undefined;
  /** Key to the class of its section; undefined where the key has a plain value. */
  readonly keys: ReadonlyMap<string, string | undefined>;
}
export type SchemaClasses = ReadonlyMap<string, SchemaClass>;

/** @param texts sources of every file that declares a schema class */
export function readSchemaClasses(texts: readonly string[]): SchemaClasses {
  const classes = new Map<string, SchemaClass>();
  for (const text of texts) {
    const source = ts.createSourceFile('schema.ts', text, ts.ScriptTarget.Latest, true);
    for (const node of source.statements.filter(ts.isClassDeclaration)) {
      if (node.name) classes.set(node.name.text, { base: baseOf(node), keys: keysOf(node) });
    }
  }
  return classes;
}

/** Dotted keys of a schema, sections included: `net`, `net.tls`, `net.tls.cert`, … */
export function dottedKeys(classes: SchemaClasses, name: string, parent = ''): string[] {
  const found = classes.get(name);
  if (!found) throw new Error(`no schema class ${name} in the files that were read`);
  const inherited = found.base === undefined ? [] : dottedKeys(classes, found.base, parent);
  const own = [...found.keys].flatMap(([key, section]) => {
    const dotted = parent === '' ? key : `${parent}.${key}`;
    return section === undefined ? [dotted] : [dotted, ...dottedKeys(classes, section, dotted)];
  });
  return [...new Set([...inherited, ...own])];
}

function baseOf(node: ts.ClassDeclaration): string | undefined {
  const clause = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  return clause?.types[0]?.expression.getText();
}

function keysOf(node: ts.ClassDeclaration): Map<string, string | undefined> {
  const keys = new Map<string, string | undefined>();
  for (const member of node.members.filter(ts.isPropertyDeclaration)) {
    const decorator = (ts.getDecorators(member) ?? []).find(({ expression }) =>
      expression.getText().startsWith('ConfigKey('),
    );
    if (!decorator) continue;
    const section = /section: \(\) => (\w+)/.exec(decorator.getText())?.[1];
    keys.set(member.name.getText(), section);
  }
  return keys;
}
