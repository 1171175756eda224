/** The OpenAPI document of the routes that the application really has, from their controllers' metadata. */
import { RequestMethod } from '@nestjs/common';
import {
  METHOD_METADATA,
  PARAMTYPES_METADATA,
  PATH_METADATA,
  ROUTE_ARGS_METADATA,
} from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { ANSWER_SCHEMAS } from './answer-schemas.ts';
import { OPERATION, type OperationText } from './describe.decorator.ts';
import { DtoSchemas, type DtoClass } from './dto-schema.ts';
import type { JsonSchema } from './json-schema.ts';

export type ControllerClass = abstract new (...args: never[]) => object;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: JsonSchema;
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string };
  readonly security: readonly object[];
  /** By path, then by method in lower case. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly securitySchemes: object;
    readonly schemas: Readonly<Record<string, JsonSchema>>;
  };
}

export function createDocument(
  controllers: readonly ControllerClass[],
  version: string,
): OpenApiDocument {
  const dtos = new DtoSchemas();
  const paths: Record<string, Record<string, Operation>> = {};
  for (const controller of controllers) {
    for (const name of Object.getOwnPropertyNames(controller.prototype)) {
      const handler = (controller.prototype as Record<string, unknown>)[name];
      const method =
        typeof handler === 'function' ? metadata<number>(METHOD_METADATA, handler) : undefined;
      if (method === undefined) continue;
      const path = pathOf(controller, handler as object);
      const operation = operationOf({ controller, name, handler: handler as object, path, dtos });
      (paths[path] ??= {})[(RequestMethod[method] ?? 'GET').toLowerCase()] = operation;
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'GoFD server', version },
    security: [{ basic: [] }],
    paths,
    components: {
      securitySchemes: { basic: { type: 'http', scheme: 'basic' } },
      schemas: { ...ANSWER_SCHEMAS, ...Object.fromEntries(dtos.schemas) },
    },
  };
}

interface Route {
  readonly controller: ControllerClass;
  /** Of the handler. */
  readonly name: string;
  readonly handler: object;
  readonly path: string;
  readonly dtos: DtoSchemas;
}

function operationOf({ controller, name, handler, path, dtos }: Route): Operation {
  const text = metadata<OperationText>(OPERATION, handler);
  const body = text?.body ?? dtoOf(controller, name, RouteParamtypes.BODY);
  const query = dtoOf(controller, name, RouteParamtypes.QUERY);
  const inQuery = query ? [...dtos.propertiesOf(query)] : [];
  const answer = text?.answer ? ref(text.answer) : {};
  const type = text?.answerType ?? 'application/json';
  return {
    operationId: `${controller.name.replace(/Controller$/, '')}_${name}`,
    summary: text?.summary ?? name,
    parameters: [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => ({
        name: parameter,
        in: 'path' as const,
        required: true,
        schema: { type: 'string' },
      })),
      ...inQuery.map(([parameter, { schema, isRequired }]) => ({
        name: parameter,
        in: 'query' as const,
        required: isRequired,
        schema,
      })),
    ],
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: dtos.refTo(body) } },
      },
    }),
    responses: {
      200: { description: 'done', content: { [type]: { schema: answer } } },
      default: {
        description: 'refused',
        content: { 'application/json': { schema: ref('Error') } },
      },
    },
  };
}

/** The class of the body or query of a handler; undefined where it takes none, or no class of ours. */
function dtoOf(controller: ControllerClass, name: string, kind: number): DtoClass | undefined {
  const given = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) as
    Readonly<Record<string, { readonly index: number }>> | undefined;
  const found = Object.entries(given ?? {}).find(([key]) => key.startsWith(`${kind}:`));
  const types = Reflect.getMetadata(PARAMTYPES_METADATA, controller.prototype as object, name) as
    readonly unknown[] | undefined;
  const type = found && types?.[found[1].index];
  return typeof type === 'function' && type !== Object ? (type as DtoClass) : undefined;
}

function pathOf(controller: ControllerClass, handler: object): string {
  const parts = [
    metadata<string>(PATH_METADATA, controller),
    metadata<string>(PATH_METADATA, handler),
  ];
  const path = parts
    .flatMap((part) => (part ?? '').split('/'))
    .filter((part) => part !== '')
    .map((part) => part.replace(/^:(\w+)$/, '{$1}'))
    .join('/');
  return `/${path}`;
}

function metadata<T>(key: string | symbol, target: object): T | undefined {
  return Reflect.getMetadata(key, target) as T | undefined;
}

function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}
