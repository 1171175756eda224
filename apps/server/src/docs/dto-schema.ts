/**
 * The JSON Schema of a body or query, from the very rules by which it is checked: class-validator's
 * metadata of its class. What a rule cannot say in JSON Schema stays out; the server checks it all the same.
 */
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import type { JsonSchema } from './json-schema.ts';

export type DtoClass = new () => object;

type Rule = ReturnType<
  ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']
>[number];

/** Schemas by the names of their classes; classes that a property holds are added on the way. */
export class DtoSchemas {
  readonly schemas = new Map<string, JsonSchema>();

  /** @returns a reference to the schema of the class */
  refTo(dto: DtoClass): JsonSchema {
    if (!this.schemas.has(dto.name)) {
      this.schemas.set(dto.name, {}); // a class that holds itself is met again
      this.schemas.set(dto.name, this.#schemaOf(dto));
    }
    return { $ref: `#/components/schemas/${dto.name}` };
  }

  /** The properties of a query, each a parameter of its own. */
  propertiesOf(dto: DtoClass): ReadonlyMap<string, { schema: JsonSchema; isRequired: boolean }> {
    const properties = new Map<string, { schema: JsonSchema; isRequired: boolean }>();
    for (const [name, rules] of rulesOf(dto)) {
      const isRequired = !rules.some(({ type }) => type === 'conditionalValidation');
      properties.set(name, { schema: this.#schemaOfProperty(dto, name, rules), isRequired });
    }
    return properties;
  }

  #schemaOf(dto: DtoClass): JsonSchema {
    const properties = [...this.propertiesOf(dto)];
    return {
      type: 'object',
      properties: Object.fromEntries(properties.map(([name, { schema }]) => [name, schema])),
      required: properties.filter(([, { isRequired }]) => isRequired).map(([name]) => name),
      additionalProperties: false,
    };
  }

  #schemaOfProperty(dto: DtoClass, name: string, rules: readonly Rule[]): JsonSchema {
    const isNested = rules.some(({ type }) => type === 'nestedValidation');
    const nested = isNested ? this.refTo(heldClass(dto, name)) : undefined;
    const own = merge(rules.filter(({ each }) => !each));
    if (own.type !== 'array')
      return nested ?? (own.type === undefined ? { ...UNSAID, ...own } : own);
    return { ...own, items: nested ?? merge(rules.filter(({ each }) => each)) };
  }
}

/** The class that a property holds, one or a list of: found by having one made. */
function heldClass(dto: DtoClass, property: string): DtoClass {
  const made = plainToInstance(dto, { [property]: [{}] }) as Record<string, readonly object[]>;
  return made[property]?.[0]?.constructor as DtoClass;
}

/** A property whose rules name no type takes an object of texts: labels are the only such. */
const UNSAID: JsonSchema = { type: 'object', additionalProperties: { type: 'string' } };

function rulesOf(dto: DtoClass): ReadonlyMap<string, readonly Rule[]> {
  const storage = getMetadataStorage();
  const all = storage.getTargetValidationMetadatas(dto, '', false, false);
  const byName = new Map<string, Rule[]>();
  for (const rule of all) {
    byName.set(rule.propertyName, [...(byName.get(rule.propertyName) ?? []), rule]);
  }
  return byName;
}

function merge(rules: readonly Rule[]): JsonSchema {
  return rules.reduce<JsonSchema>((schema, rule) => ({ ...schema, ...schemaOfRule(rule) }), {});
}

function schemaOfRule({ name, constraints = [] }: Rule): JsonSchema {
  const [bound] = constraints as number[];
  switch (name) {
    case 'isString':
    case 'once':
      return { type: 'string' };
    case 'isInt':
      return { type: 'integer' };
    case 'isNumber':
      return { type: 'number' };
    case 'isArray':
      return { type: 'array' };
    case 'arrayNotEmpty':
      return { minItems: 1 };
    case 'min':
      return bound === undefined ? {} : { minimum: bound };
    case 'max':
      return bound === undefined ? {} : { maximum: bound };
    case 'arrayMaxSize':
      return bound === undefined ? {} : { maxItems: bound };
    case 'maxLength':
      return bound === undefined ? {} : { maxLength: bound };
    case 'taskId':
      return { type: 'string' };
    default:
      return {};
  }
}
