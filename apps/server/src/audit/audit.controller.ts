import { Controller, Get, Query } from '@nestjs/common';
import { AuditQueryDto } from '@gofd/task-model';
import { Describe } from '../docs/describe.decorator.ts';
import type { AuditEntry } from '../state/task-store.port.ts';
import { AuditTrail } from './audit-trail.ts';

/** Entries that one answer holds unless the caller says otherwise. */
export const USUAL_AUDIT_LIMIT = 100;

/** Who asked for what (docs/http-api.md). */
@Controller('api/v1/server/audit')
export class AuditController {
  constructor(private readonly audit: AuditTrail) {}

  @Get()
  @Describe({ summary: 'Who asked for what, the newest first', answer: 'AuditList' })
  list(@Query() { limit = USUAL_AUDIT_LIMIT, task }: AuditQueryDto): { entries: AuditEntry[] } {
    return { entries: this.audit.read(limit, task) };
  }
}
