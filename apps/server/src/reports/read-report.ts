/**
 * The body of a report. The reference writes the host's key as `IP`, ours as `ip`: keys are matched
 * without regard to case, and a key given twice in two spellings is refused.
 */
import type { ValidationPipe } from '@nestjs/common';
import { RequestError, StatusReportDto } from '@gofd/task-model';

const KEYS = [
  'taskId',
  'ip',
  'percentComplete',
  'attempt',
  'sequence',
  'token',
  'code',
  'message',
  'measures',
] as const;
const KEY_OF_LOWER_CASE = new Map(KEYS.map((key) => [key.toLowerCase(), key]));

export async function readReport(
  body: Readonly<Record<string, unknown>>,
  pipe: ValidationPipe,
): Promise<StatusReportDto> {
  const normal = normalizeKeys(body);
  return (await pipe.transform(normal, {
    type: 'body',
    metatype: StatusReportDto,
  })) as StatusReportDto;
}

export function normalizeKeys(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const normal: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(body)) {
    const name = KEY_OF_LOWER_CASE.get(key.toLowerCase()) ?? key;
    if (name in normal) {
      const message = `${name} is given twice`;
      throw new RequestError('DUPLICATE_KEY', message, [
        { field: name, code: 'DUPLICATE_KEY', message },
      ]);
    }
    normal[name] = value;
  }
  return normal;
}
