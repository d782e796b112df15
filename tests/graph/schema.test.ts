import { readFile } from 'node:fs/promises';
import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  NoUnusedFragmentsRule,
  NoUnusedVariablesRule,
  parse,
  ScalarLeafsRule,
  specifiedRules,
  validate,
  validateSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { createSchema, printedSchema } from '../../src/graph/schema.js';

describe('the schema', () => {
  const schema = createSchema();

  it('is a valid GraphQL schema', () => {
    expect(validateSchema(schema)).toEqual([]);
  });

  it('is what schema.graphql says (npm run schema:print writes it anew)', async () => {
    expect(await readFile('schema.graphql', 'utf8')).toBe(printedSchema());
  });

  it('names the specification of each of its own scalars', () => {
    const scalars = Object.values(schema.getTypeMap())
      .filter(isScalarType)
      .filter((type) => !isSpecifiedScalarType(type));
    expect(Object.fromEntries(scalars.map((type) => [type.name, type.specifiedByURL]))).toEqual({
      DateTime: 'https://www.rfc-editor.org/rfc/rfc3339',
      JSON: 'https://www.rfc-editor.org/rfc/rfc8259',
      Locale: 'https://www.rfc-editor.org/info/bcp47',
      PartialDate: 'https://www.loc.gov/standards/datetime/',
      URL: 'https://url.spec.whatwg.org/',
    });
  });

  it('describes every type, field, argument and enum value', () => {
    const undescribed: string[] = [];
    const check = (name: string, { description }: { description?: string | null | undefined }) => {
      if (!description) undescribed.push(name);
    };
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__') || isSpecifiedScalarType(type)) continue;
      check(type.name, type);
      if (isEnumType(type)) {
        for (const value of type.getValues()) check(`${type.name}.${value.name}`, value);
      }
      if (isObjectType(type) || isInterfaceType(type)) {
        for (const field of Object.values(type.getFields())) {
          check(`${type.name}.${field.name}`, field);
          for (const arg of field.args) check(`${type.name}.${field.name}(${arg.name})`, arg);
        }
      }
      if (isInputObjectType(type)) {
        for (const field of Object.values(type.getFields()))
          check(`${type.name}.${field.name}`, field);
      }
    }
    expect(undescribed).toEqual([]);
  });

  it('shows examples that are valid', () => {
    const checked: string[] = [];
    const invalid: string[] = [];
    const rules = specifiedRules.filter(
      (rule) => ![NoUnusedFragmentsRule, NoUnusedVariablesRule, ScalarLeafsRule].includes(rule),
    );
    const check = (
      name: string,
      description: string | null | undefined,
      document: (code: string) => string,
    ) => {
      for (const [, code = ''] of (description ?? '').matchAll(/\bExample[^`]*: `([^`]+)`/g)) {
        const errors = validate(schema, parse(document(code)), rules);
        invalid.push(...errors.map(({ message }) => `${name}: ${code}: ${message}`));
        checked.push(name);
      }
    };
    for (const type of Object.values(schema.getTypeMap())) {
      if (isInputObjectType(type)) {
        check(
          type.name,
          type.description,
          (code) => `query ($x: ${type} = ${code}) { __typename }`,
        );
      } else if (isObjectType(type) || isInterfaceType(type)) {
        for (const { name, description } of Object.values(type.getFields())) {
          const calls = new RegExp(`\\bExample[^\`]*: \`${name}\\b`).test(description ?? '');
          if (!calls) continue;
          check(`${type}.${name}`, description, (code) => `fragment F on ${type} { ${code} }`);
        }
      }
    }
    expect(invalid).toEqual([]);
    expect(checked).toEqual(
      expect.arrayContaining(['OfficeFilter', 'Query.path', 'Person.positions']),
    );
    expect(checked.length).toBeGreaterThan(30);
  });

  it('describes for every nullable field of a type when it is null', () => {
    const undocumented: string[] = [];
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__') || !(isObjectType(type) || isInterfaceType(type))) continue;
      // Each field of these is null when it fails.
      if (['Query', 'Mutation', 'Subscription'].includes(type.name)) continue;
      for (const { name, type: given, description } of Object.values(type.getFields())) {
        if (isNonNullType(given) || /\b(null|none)\b/i.test(description ?? '')) continue;
        undocumented.push(`${type.name}.${name}`);
      }
    }
    expect(undocumented).toEqual([]);
  });

  it('has the article by the sound of the word', () => {
    const printed = printedSchema();
    expect(printed.match(/\b[Aa] (?:[AEIOaeio]\w+)/g) ?? []).toEqual([]);
    expect(printed).toContain('An article in a list');
    expect(printed).toContain('A page of a list of people.');
    expect(printed).toContain('A page of a list of timeline entries.');
  });

  it('names readers, clients and editors, and no one unnamed', () => {
    const descriptions = [...printedSchema().matchAll(/"""(.*?)"""/gs)].map(([, text]) => text);
    expect(descriptions.length).toBeGreaterThan(900);
    const unnamed = /\b(tells?|told|whoever|nobody|somebody|anybody|everybody|asked)\b/i;
    expect(descriptions.filter((text) => unnamed.test(text ?? ''))).toEqual([]);
  });
});
