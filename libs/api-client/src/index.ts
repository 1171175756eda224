export { ApiError } from './lib/api-error.ts';
export { EventParser, MAX_EVENT_CHARS, type ServerEvent } from './lib/event-parser.ts';
export {
  followEvents,
  RETRY_FIRST_MS,
  RETRY_MAX_MS,
  STREAM_SILENCE_MS,
  type Lost,
} from './lib/follow-events.ts';
export {
  calls,
  type AgentList,
  type Call,
  type HostsQuery,
  type NewTask,
  type TaskPage,
  type TasksQuery,
} from './lib/calls.ts';
export {
  GofdClient,
  type Answer,
  type ClientOptions,
  type ListEvent,
  type TaskEvent,
} from './lib/gofd-client.ts';
export {
  fetchTransport,
  type ApiRequest,
  type ApiResponse,
  type Transport,
} from './lib/transport.ts';
