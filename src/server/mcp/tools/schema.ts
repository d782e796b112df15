/** The tool `schema`: the part of the schema that some words name. */
import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isUnionType,
  type GraphQLArgument,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { z } from 'zod';
import { clip } from '../answer.js';
import { fit, tokensArgument } from '../budget.js';
import { defineTool } from '../tool.js';
import { ToolError } from '../toolError.js';

const input = z.strictObject({
  words: z
    .string()
    .max(200)
    .default('Query')
    .describe('The name of a type, or words such as "office status". Default: Query'),
  maxTokens: tokensArgument,
});

export const schema = defineTool({
  name: 'schema',
  title: 'Parts of the GraphQL schema',
  description:
    'Shows the part of the GraphQL schema that some words or the name of a type select, to write a query.',
  input,
  async run({ words, maxTokens }, reader) {
    if (!reader.introspection) {
      throw new ToolError('This server does not show its schema. Use the other tools.');
    }
    const lines = linesFor(reader.schema, words);
    if (!lines.length) {
      throw new ToolError(
        `Nothing in the schema has the words ${JSON.stringify(words)}. Try others, or Query for the fields to begin with.`,
      );
    }
    return Promise.resolve(
      fit(lines.length, maxTokens, (count) => {
        const left = lines.length - count;
        const note =
          left > 0 ? [`# ${left} lines left out: name one type, or give more maxTokens`] : [];
        return [...lines.slice(0, count), ...note].join('\n');
      }),
    );
  },
});

// Private:

/** The type with that name, or the fields and types that have most of the words, best first. */
function linesFor(schema: GraphQLSchema, words: string): string[] {
  const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));
  const named = types.find(({ name }) => name.toLowerCase() === words.trim().toLowerCase());
  if (named) return linesOf(named);
  const wanted = [...new Set(wordsIn(words).map(stemOf))].slice(0, maxWords);
  if (!wanted.length) return [];
  const found = types.flatMap((type) => matchesIn(type, wanted));
  const best = Math.max(0, ...found.map(({ matched }) => matched));
  return found
    .filter(({ matched }) => matched === best && matched > 0)
    .sort((one, other) => other.score - one.score)
    .map(({ line }) => line);
}

const maxWords = 8;

interface Match {
  line: string;
  /** How many of the words it has. */
  matched: number;
  score: number;
}

function matchesIn(type: GraphQLNamedType, wanted: readonly string[]): Match[] {
  const typeWords = wordsIn(type.name).map(stemOf);
  const whole = matchOf(wanted, typeWords, wordsIn(type.description ?? '').map(stemOf));
  const fields = fieldsOf(type).map(({ name, line, description }): Match => {
    const nameWords = [...typeWords, ...wordsIn(name).map(stemOf)];
    const match = matchOf(wanted, nameWords, wordsIn(description ?? '').map(stemOf));
    return { ...match, line: `${type.name}.${line}` };
  });
  // A type is shown by its first line; its name gives all of it.
  const [line = ''] = linesOf(type);
  return [{ ...whole, line }, ...fields];
}

/** A word in a name tells more than one in a description, and in a short name more than in a long one. */
function matchOf(
  wanted: readonly string[],
  names: readonly string[],
  described: readonly string[],
): Omit<Match, 'line'> {
  const inName = wanted.filter((word) => names.includes(word)).length;
  const inAny = wanted.filter((word) => names.includes(word) || described.includes(word)).length;
  return { matched: inAny, score: inName + inName / (names.length + 1) };
}

/** A type with its fields, a line for each. */
function linesOf(type: GraphQLNamedType): string[] {
  const keyword = keywordOf(type);
  const over =
    isObjectType(type) || isInterfaceType(type) ? type.getInterfaces().map(({ name }) => name) : [];
  const above = over.length ? ` implements ${over.join(' & ')}` : '';
  const members = isUnionType(type) ? ` = ${type.getTypes().map(String).join(' | ')}` : '';
  const head = `${keyword} ${type.name}${above}${members}${remark(type.description)}`;
  return [head, ...fieldsOf(type).map(({ line }) => `  ${line}`)];
}

function keywordOf(type: GraphQLNamedType): string {
  if (isObjectType(type)) return 'type';
  if (isInterfaceType(type)) return 'interface';
  if (isInputObjectType(type)) return 'input';
  if (isEnumType(type)) return 'enum';
  return isUnionType(type) ? 'union' : 'scalar';
}

interface Line {
  name: string;
  description: string | null | undefined;
  line: string;
}

/** What fields of objects and of inputs have in common. */
interface Field {
  name: string;
  description?: string | null | undefined;
  type: unknown;
  args?: readonly GraphQLArgument[];
}

function fieldsOf(type: GraphQLNamedType): Line[] {
  if (isEnumType(type)) {
    return type.getValues().map(({ name, description }) => ({
      ...{ name, description },
      line: `${name}${remark(description)}`,
    }));
  }
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return [];
  const fields = Object.values<Field>(type.getFields() as Record<string, Field>);
  return fields.map((field) => {
    const args = (field.args ?? []).map((arg) => `${arg.name}: ${String(arg.type)}`);
    const given = args.length ? `(${args.join(', ')})` : '';
    const { name, description } = field;
    return {
      ...{ name, description },
      line: `${name}${given}: ${String(field.type)}${remark(description)}`,
    };
  });
}

const remark = (description: string | null | undefined): string =>
  description ? ` # ${clip(description.replaceAll(/\s+/g, ' '), { characters: 160 }) ?? ''}` : '';

const wordsIn = (text: string): string[] =>
  text
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);

/** `offices` and `office` are one word. */
const stemOf = (word: string): string =>
  word.replace(/(?<=..)(?:ies|s)$/, (end) => (end === 's' ? '' : 'y'));
