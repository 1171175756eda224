/** What an agent shows at `GET /metrics`. docs/metrics.md explains each; a test compares the two. */
import { FAILURE_CODES } from '@gofd/task-model';
import {
  describeDataPlane,
  GOFD_VERSION,
  ServiceMetrics,
  type DataPlaneFigures,
} from '@gofd/service-kit';
import type { AgentFigures } from '../tasks/agent-tasks.service.ts';

export class AgentMetrics extends ServiceMetrics {
  /** Told how tasks end here: COMPLETED, or the code of the failure. */
  readonly concluded: (outcome: string) => void;

  constructor(dataPlane: DataPlaneFigures) {
    super('agent', GOFD_VERSION);
    describeDataPlane(this, dataPlane);
    this.concluded = this.countByCode(
      {
        name: 'agent_tasks_over_total',
        help: 'Tasks that ended on this host: COMPLETED, or the code of the failure.',
        label: 'outcome',
      },
      ['COMPLETED', ...FAILURE_CODES],
    );
  }

  /** @param read counts; called at each look */
  describeTasks(read: () => AgentFigures): void {
    this.gauges(
      { name: 'agent_tasks', help: 'Tasks that this host holds, by state.', label: 'state' },
      () => read().tasks,
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
