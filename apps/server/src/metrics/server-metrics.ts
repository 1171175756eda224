/** What a server shows at `GET /metrics`. docs/metrics.md explains each; a test compares the two. */
import { FAILURE_CODES } from '@gofd/task-model';
import {
  describeDataPlane,
  GOFD_VERSION,
  ServiceMetrics,
  type DataPlaneFigures,
} from '@gofd/service-kit';
import type { AttemptOutcomes } from '../tasks/attempt-outcomes.ts';
import type { ServerFigures } from '../tasks/server-figures.ts';

export class ServerMetrics extends ServiceMetrics {
  readonly outcomes: AttemptOutcomes;

  constructor(dataPlane: DataPlaneFigures) {
    super('server', GOFD_VERSION);
    describeDataPlane(this, dataPlane);
    const countOver = this.countByCode(
      { name: 'tasks_over_total', help: 'Attempts that ended, by state.', label: 'state' },
      ['COMPLETED', 'PARTIAL', 'FAILED', 'FILE_NOT_EXISTED', 'CANCELLED'],
    );
    const countHostFailure = this.countByCode(
      { name: 'host_failures_total', help: 'Hosts that failed in an attempt.', label: 'code' },
      FAILURE_CODES,
    );
    this.outcomes = { taskOver: countOver, hostFailed: countHostFailure };
  }

  /** @param read counts; called at each look */
  describeTasks(read: () => ServerFigures): void {
    this.gauges(
      { name: 'tasks', help: 'Tasks that the server remembers, by state.', label: 'state' },
      () => read().tasks,
    );
    this.gauges(
      { name: 'hosts', help: 'Hosts of tasks that are not over, by state.', label: 'state' },
      () => read().hosts,
    );
    this.gauges(
      {
        name: 'task_slots',
        help: 'Tasks that are active, and that wait for control.maxActive.',
        label: 'kind',
      },
      () => read().slots,
    );
  }
}
