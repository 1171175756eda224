export { ActiveSlots } from './lib/active-slots.ts';
export {
  canMoveHost,
  canMoveTask,
  concludeTask,
  HOST_STATUSES,
  isRetryableTaskStatus,
  isTerminalHostStatus,
  isTerminalTaskStatus,
  TASK_STATUSES,
  type HostStatus,
  type TaskStatus,
} from './lib/task-status.ts';
export {
  FAILURE_CODES,
  REQUEST_ERROR_STATUS,
  RequestError,
  type ErrorBody,
  type Failure,
  type FailureCode,
  type FieldProblem,
  type RequestErrorCode,
} from './lib/errors.ts';
export { MAX_TASK_ID_CHARS, taskIdProblem } from './lib/task-id.ts';
export { formatAddress, parseAddress, parseHostEntry, type HostEntry } from './lib/host-entry.ts';
export { toFieldProblems } from './lib/field-rule.ts';
export { AuditQueryDto, MAX_AUDIT_LIMIT } from './lib/dto/audit-query.dto.ts';
export {
  ChangeAgentTaskDto,
  ChangeTaskDto,
  MAX_TASK_SPEED_MIB_PER_SECOND,
} from './lib/dto/change-task.dto.ts';
export {
  CreateTaskDto,
  MAX_FILES_PER_TASK,
  MAX_HOSTS_PER_TASK,
} from './lib/dto/create-task.dto.ts';
export {
  ListHostsQueryDto,
  ListTasksQueryDto,
  MAX_HOSTS_PER_PAGE,
  MAX_TASKS_PER_PAGE,
} from './lib/dto/task-query.dto.ts';
export {
  MAX_REPORT_MESSAGE_CHARS,
  PERCENT_DONE,
  PERCENT_FAILED,
  StatusReportDto,
} from './lib/dto/status-report.dto.ts';
export {
  DispatchTaskDto,
  ManifestRefDto,
  MAX_INLINE_MANIFEST_BYTES,
  MAX_MANIFEST_BYTES,
  MAX_PIECE_BYTES,
  MetaFileDto,
  MetaInfoDto,
  MIN_PIECE_BYTES,
  TASK_KEY_BYTES,
} from './lib/dto/dispatch-task.dto.ts';
export {
  LinkChainDto,
  MAX_RACK_NAME_CHARS,
  PullPlanDto,
  RackDto,
  StartTaskDto,
} from './lib/dto/link-chain.dto.ts';
export {
  MAX_REPORTED_BAD_PEERS,
  MAX_REPORTED_SOURCES,
  type BadPieces,
  type HostMeasures,
  type HostPage,
  type HostRow,
  type SourceShare,
} from './lib/host-row.ts';
export {
  labelsProblem,
  matchesSelector,
  MAX_DEST_GROUPS,
  MAX_LABELS,
  parseLabels,
  selectorProblem,
  type Labels,
} from './lib/agent-labels.ts';
export { HostMeasuresDto } from './lib/dto/host-measures.dto.ts';
export { AnnounceDto } from './lib/dto/announce.dto.ts';
export { AgentPlanDto, CheckHostQueryDto, PlannedFileDto } from './lib/dto/plan.dto.ts';
export {
  MAX_PLAN_PROBLEMS,
  MAX_REPLACED_NAMES,
  PLAN_UNSUPPORTED,
  PLAN_VERDICTS,
  type AgentPlan,
  type HostCheck,
  type HostInTask,
  type HostPlan,
  type PlanVerdict,
  type PlanView,
} from './lib/plan-view.ts';
export type { AgentRow, AnnounceReceipt } from './lib/agent-row.ts';
export { MAX_FILES_IN_SUMMARY } from './lib/task-view.ts';
export type {
  AgentAnswer,
  AgentInfo,
  AgentTaskView,
  HostCounts,
  HostView,
  TaskFile,
  TaskSummary,
  TaskView,
} from './lib/task-view.ts';
