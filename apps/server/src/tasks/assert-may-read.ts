import { RequestError } from '@gofd/task-model';
import type { SourceCatalog } from '../seeding/source-catalog.port.ts';

/** @throws RequestError SOURCE_FORBIDDEN naming the first file that may not be distributed */
export async function assertMayRead(
  catalog: SourceCatalog,
  paths: readonly string[],
): Promise<void> {
  const refusal = await catalog.refusalOf(paths);
  if (!refusal) return;
  const { index, message } = refusal;
  const problem = {
    field: `dispatchFiles[${index}]`,
    code: 'SOURCE_FORBIDDEN',
    message,
  } as const;
  throw new RequestError('SOURCE_FORBIDDEN', message, [problem]);
}
