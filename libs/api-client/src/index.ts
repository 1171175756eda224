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
  GofdClient,
  type ClientOptions,
  type HostsQuery,
  type ListEvent,
  type NewTask,
  type TaskEvent,
  type TasksQuery,
} from './lib/gofd-client.ts';
export {
  fetchTransport,
  type ApiRequest,
  type ApiResponse,
  type Transport,
} from './lib/transport.ts';
