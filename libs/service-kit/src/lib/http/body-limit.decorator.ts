import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const BODY_LIMIT_BYTES = Symbol('gofd.bodyLimitBytes');
export const DEFAULT_BODY_LIMIT_BYTES = 1024 * 1024;

/** Largest body of a route, bytes; a larger one is answered 413. @default 1 MiB */
export function BodyLimit(bytes: number): CustomDecorator<symbol> {
  return SetMetadata(BODY_LIMIT_BYTES, bytes);
}

/** A route whose address says everything: it needs no body, and what comes all the same is refused. */
export function NoBody(): CustomDecorator<symbol> {
  return SetMetadata(BODY_LIMIT_BYTES, 0);
}
