#!/usr/bin/env node
/**
 * Writes `src/schema.ts` from the OpenAPI 3.1 document that the server prints.
 *
 *   node web/api-client/generate.mjs docs/openapi.json [web/api-client/src/schema.ts]
 *   node web/api-client/generate.mjs --check docs/openapi.json
 *
 * Every component schema becomes a TypeScript type of the same name, every operation an entry of `Operations` with
 * its method, path, parameters, body and answer. `--check` writes nothing and fails when the committed file differs.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

const property = (name) => (IDENTIFIER.test(name) ? name : JSON.stringify(name));
const typeName = (name) => name.replace(/[^\w$]/g, '_');
const literal = (value) => (value === null ? 'null' : JSON.stringify(value));
const comment = (text, indent) => {
  if (!text) return '';
  const lines = String(text).trim().replaceAll('*/', '* /').split('\n');
  if (lines.length === 1) return `${indent}/** ${lines[0].trim()} */\n`;
  return `${indent}/**\n${lines.map((l) => `${indent} * ${l.trim()}`.trimEnd()).join('\n')}\n${indent} */\n`;
};
const union = (parts) => {
  const seen = [...new Set(parts)];
  return seen.length === 1 ? seen[0] : seen.join(' | ');
};
const wrap = (text) => (/[|&]/.test(text) ? `(${text})` : text);

function objectType(schema, indent) {
  const inner = `${indent}  `;
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties ?? {}).map(
    ([name, value]) =>
      `${comment(value.description, inner)}${inner}${property(name)}${required.has(name) ? '' : '?'}: ${typeOf(value, inner)};`,
  );
  const open = schema.additionalProperties;
  const rest = open && open !== true ? typeOf(open, inner) : 'unknown';
  if (rows.length === 0) return open === false ? 'Record<string, never>' : `Record<string, ${rest}>`;
  return `{\n${rows.join('\n')}\n${indent}}`;
}

/** The TypeScript type of one schema. Unknown shapes become `unknown`, never `any`. */
export function typeOf(schema, indent = '') {
  if (schema === undefined || schema === true) return 'unknown';
  if (schema === false) return 'never';
  if (schema.$ref) return typeName(schema.$ref.split('/').pop());
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum) return union(schema.enum.map(literal));
  if (schema.oneOf || schema.anyOf) return union((schema.oneOf ?? schema.anyOf).map((s) => typeOf(s, indent)));
  if (schema.allOf) return schema.allOf.map((s) => wrap(typeOf(s, indent))).join(' & ');
  const kinds = Array.isArray(schema.type) ? schema.type : [schema.type];
  return union(
    kinds.map((kind) => {
      switch (kind) {
        case 'string':
          return schema.format === 'binary' ? 'Blob' : 'string';
        case 'integer':
        case 'number':
          return 'number';
        case 'boolean':
          return 'boolean';
        case 'null':
          return 'null';
        case 'array':
          if (schema.prefixItems) return `[${schema.prefixItems.map((s) => typeOf(s, indent)).join(', ')}]`;
          return `${wrap(typeOf(schema.items, indent))}[]`;
        case 'object':
          return objectType(schema, indent);
        default:
          return schema.properties ? objectType(schema, indent) : 'unknown';
      }
    }),
  );
}

const bodyOf = (content) => {
  const kind = Object.keys(content ?? {}).find((k) => k.includes('json')) ?? Object.keys(content ?? {})[0];
  if (!kind) return 'undefined';
  return kind.startsWith('multipart/') ? 'FormData' : typeOf(content[kind].schema, '    ');
};

const resolve = (document, part) =>
  part?.$ref
    ? part.$ref
        .slice(2)
        .split('/')
        .reduce((at, step) => at?.[step.replaceAll('~1', '/').replaceAll('~0', '~')], document)
    : part;

function operationType(document, method, path, item, operation) {
  const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((p) => resolve(document, p));
  const group = (where) => {
    const rows = parameters.filter((p) => p.in === where);
    if (rows.length === 0) return 'Record<string, never>';
    const body = rows.map((p) => `${property(p.name)}${p.required ? '' : '?'}: ${typeOf(p.schema, '      ')}`);
    return `{ ${body.join('; ')} }`;
  };
  const answers = Object.entries(operation.responses ?? {})
    .filter(([status]) => status.startsWith('2'))
    .map(([, response]) => bodyOf(resolve(document, response)?.content));
  const request = resolve(document, operation.requestBody);
  return [
    comment(operation.summary, '  ') + `  ${property(operation.operationId ?? `${method} ${path}`)}: {`,
    `    method: '${method.toUpperCase()}';`,
    `    path: ${JSON.stringify(path)};`,
    `    params: ${group('path')};`,
    `    query: ${group('query')};`,
    `    body: ${request ? bodyOf(request.content) : 'undefined'};`,
    `    answer: ${answers.length ? union(answers) : 'undefined'};`,
    '  };',
  ].join('\n');
}

export function generate(document) {
  const schemas = Object.entries(document.components?.schemas ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const types = schemas.map(
    ([name, schema]) => `${comment(schema.description, '')}export type ${typeName(name)} = ${typeOf(schema)};\n`,
  );
  const operations = [];
  for (const path of Object.keys(document.paths ?? {}).sort()) {
    const item = document.paths[path];
    for (const method of METHODS) {
      if (item[method]) operations.push(operationType(document, method, path, item, item[method]));
    }
  }
  return [
    '/** Generated from the OpenAPI document by generate.mjs. Do not edit: run `make gen`. */\n',
    ...types,
    `export interface Operations {\n${operations.join('\n')}\n}\n`,
  ].join('\n');
}

function main(argv) {
  const check = argv.includes('--check');
  const [input, output] = argv.filter((a) => a !== '--check');
  if (!input) {
    console.error('usage: generate.mjs [--check] OPENAPI.json [OUTPUT.ts]');
    return 2;
  }
  const target = output ?? join(dirname(fileURLToPath(import.meta.url)), 'src', 'schema.ts');
  const text = generate(JSON.parse(readFileSync(input, 'utf8')));
  if (!check) {
    writeFileSync(target, text);
    return 0;
  }
  let present = '';
  try {
    present = readFileSync(target, 'utf8');
  } catch {
    // A missing file differs, which is all that matters here.
  }
  if (present === text) return 0;
  console.error(`${target} is not what ${input} gives: run \`make gen\` and commit the result.`);
  return 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv.slice(2));
