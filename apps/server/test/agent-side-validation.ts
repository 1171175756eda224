/** What an agent makes of a body, by the very rules with which it reads its calls. */
import { createRequestValidationPipe } from '@gofd/service-kit';
import type { RequestError } from '@gofd/task-model';

/** @returns why an agent would refuse the call; undefined when it takes it */
export async function refusalOf(
  metatype: new () => object,
  body: unknown,
): Promise<Pick<RequestError, 'code' | 'details'> | undefined> {
  try {
    await createRequestValidationPipe().transform(body, { type: 'body', metatype });
    return undefined;
  } catch (error) {
    const { code, details } = error as RequestError;
    return { code, details };
  }
}
