/** Operations that are valid, made from the schema by chance: nested, aliased, in fragments, with variables. */
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isNonNullType,
  isObjectType,
  parse,
  validate,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import type { Random } from '../support/random.ts';
import { jsonOf, literalOf, valueFor, type Known, type Value } from './values.ts';

export interface Operation {
  kind: 'query' | 'mutation' | 'subscription';
  query: string;
  variables: Record<string, unknown>;
  operationName?: string;
}

/** An operation that the schema's rules let pass. */
export function operationFrom(schema: GraphQLSchema, known: Known, random: Random): Operation {
  for (;;) {
    const draw = random.next();
    const kind = draw < 0.83 ? 'query' : draw < 0.98 ? 'mutation' : 'subscription';
    const operation = new Drawing(schema, known, random).operation(kind);
    if (validate(schema, parse(operation.query)).length === 0) return operation;
  }
}

// Private:

/** One operation in the making. */
class Drawing {
  readonly #schema: GraphQLSchema;
  readonly #known: Known;
  readonly #random: Random;
  readonly #declared: string[] = [];
  readonly #variables: Record<string, unknown> = {};
  readonly #fragments: string[] = [];
  #aliases = 0;
  #fields = 0;
  #directives = 0;

  constructor(schema: GraphQLSchema, known: Known, random: Random) {
    this.#schema = schema;
    this.#known = known;
    this.#random = random;
  }

  operation(kind: Operation['kind']): Operation {
    const random = this.#random;
    const root = this.#schema.getRootType(kind as never);
    if (!root) throw new Error(`the schema has no ${kind}`);
    const roots = kind === 'query' ? random.int(1, 3) : 1;
    const fields = random.some(Object.values(root.getFields()), roots);
    const selected = fields.map((field) => this.#field(field, 1, kind !== 'subscription'));
    const name = random.chance(0.3) ? 'Asked' : '';
    const declared = this.#declared.length ? `(${this.#declared.join(', ')})` : '';
    const query = `${kind} ${name}${declared} { ${selected.join(' ')} } ${this.#fragments.join(' ')}`;
    return { kind, query, variables: this.#variables, ...(name && { operationName: name }) };
  }

  // Private:

  #field(field: GraphQLField<unknown, unknown>, depth: number, mayBeAliased = true): string {
    this.#fields++;
    const random = this.#random;
    const type = getNamedType(field.type);
    const args = field.args
      .filter(
        ({ type, defaultValue }) =>
          (isNonNullType(type) && defaultValue === undefined) || random.chance(0.35),
      )
      .map(({ name, type }) => `${name}: ${this.#argument(name, type)}`);
    const hasAlias =
      mayBeAliased && (args.length > 0 || isCompositeType(type) || random.chance(0.1));
    const alias = hasAlias && this.#aliases < 90 ? `a${this.#aliases++}: ` : '';
    const directive =
      this.#directives < 20 && random.chance(0.05) && depth > 1 ? this.#directive() : '';
    const below = isCompositeType(type) ? ` { ${this.#selection(type, depth + 1)} }` : '';
    return `${alias}${field.name}${args.length ? `(${args.join(', ')})` : ''}${directive}${below}`;
  }

  #selection(type: GraphQLCompositeType, depth: number): string {
    const random = this.#random;
    if (random.chance(0.08) && this.#fragments.length < 20) return this.#spread(type, depth);
    const parts = [random.chance(0.3) ? '__typename' : ''];
    if (isAbstractType(type)) {
      for (const possible of random.some(this.#schema.getPossibleTypes(type), 2)) {
        parts.push(`... on ${possible.name} { ${this.#fieldsOf(possible, depth)} }`);
      }
    }
    parts.push(this.#fieldsOf(type, depth));
    return parts.filter(Boolean).join(' ') || '__typename';
  }

  #fieldsOf(type: GraphQLCompositeType, depth: number): string {
    if (!('getFields' in type)) return '__typename';
    const random = this.#random;
    const all = Object.values(type.getFields());
    const mayGoOn = depth < random.int(3, 9) && this.#fields < 60;
    const leaves = all.filter(({ type, args }) => isLeafType(getNamedType(type)) && !args.length);
    const chosen = [
      ...random.some(leaves, random.int(mayGoOn ? 0 : 1, 3)),
      ...(mayGoOn ? random.some(all, random.int(1, 3)) : []),
    ];
    const fields = [...new Set(chosen)].map((field) => this.#field(field, depth));
    return fields.join(' ') || '__typename';
  }

  #spread(type: GraphQLCompositeType, depth: number): string {
    const at = this.#fragments.push('') - 1;
    const body = isObjectType(type) || isAbstractType(type) ? this.#fieldsOf(type, depth) : '';
    this.#fragments[at] = `fragment F${at} on ${type.name} { ${body || '__typename'} }`;
    return `...F${at}`;
  }

  #directive(): string {
    this.#directives++;
    const random = this.#random;
    const condition = random.chance(0.5)
      ? String(random.chance(0.5))
      : this.#declare('Boolean!', random.chance(0.5));
    return ` @${random.pick(['include', 'skip'])}(if: ${condition})`;
  }

  /** A literal, or a variable. */
  #argument(name: string, type: GraphQLInputType): string {
    const random = this.#random;
    const value = valueFor(random, this.#known, name, type);
    if (random.chance(0.4)) {
      const isLeftOut = !isNonNullType(type) && random.chance(0.1);
      return this.#declare(String(type), isLeftOut ? undefined : value);
    }
    return literalOf(value);
  }

  #declare(type: string, value: Value | undefined): string {
    const name = `v${this.#declared.length}`;
    this.#declared.push(`$${name}: ${type}`);
    if (value !== undefined) this.#variables[name] = jsonOf(value);
    return `$${name}`;
  }
}
