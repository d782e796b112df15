// Writes dist/client.js from the schema: the values of what src/client.ts declares.
import { writeFileSync } from 'node:fs';
import {
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  specifiedScalarTypes,
} from 'graphql';
import { createSchema } from '../dist/graph/schema.js';

const paging = ['first', 'after', 'last', 'before'];

const schema = createSchema();
const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];

const possibleTypes = Object.fromEntries(
  types
    .filter(isAbstractType)
    .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
);

const scalarTypes = Object.fromEntries(
  types
    .filter((type) => isScalarType(type) && !specifiedScalarTypes.includes(type))
    .map(({ name }) => [name, name === 'JSON' ? 'unknown' : 'string']),
);

const embedded = types
  .filter((type) => isObjectType(type) && !roots.includes(type) && !type.getFields().id)
  .map(({ name }) => name);

const connectionFields = Object.fromEntries(
  types
    .filter((type) => isObjectType(type) || isInterfaceType(type))
    .map((type) => [type.name, connectionsOf(type)])
    .filter(([, fields]) => Object.keys(fields).length > 0),
);

writeFileSync(
  'dist/client.js',
  `export const possibleTypes = ${JSON.stringify(possibleTypes)};
export const scalarTypes = ${JSON.stringify(scalarTypes)};
export const keys = Object.fromEntries(${JSON.stringify(embedded)}.map((name) => [name, () => null]));
export const connectionFields = ${JSON.stringify(connectionFields)};
`,
);

function connectionsOf(type) {
  return Object.fromEntries(
    Object.values(type.getFields())
      .filter(({ type: result }) => getNamedType(result).name.endsWith('Connection'))
      .map(({ name, args }) => [
        name,
        args.map((argument) => argument.name).filter((argument) => !paging.includes(argument)),
      ]),
  );
}
