/** Reports over the server's REST interface. */
import type { AxiosInstance } from 'axios';
import { managementUrl, type TlsFiles } from '@gofd/service-kit';
import { isTerminalTaskStatus, parseAddress, TASK_STATUSES } from '@gofd/task-model';
import type { ReportAnswer, ReportSender, StatusReport } from './report-sender.port.ts';

const HTTP_OK = 200;
const HTTP_REDIRECT = 300;
const HTTP_BAD_REQUEST = 400;
const HTTP_NOT_FOUND = 404;
const HTTP_CONFLICT = 409;
const HTTP_INTERNAL = 500;
/** Refusals that say nothing of the report: it did not arrive in time, or there were too many. */
const TRANSIENT_REFUSALS: ReadonlySet<number> = new Set([408, 429]);

export class HttpReportSender implements ReportSender {
  readonly #http: AxiosInstance;
  readonly #url: string;

  /** @param serverAddress management address of the server, host:port */
  constructor(http: AxiosInstance, serverAddress: string, tls: TlsFiles | undefined) {
    this.#http = http;
    const { host, port } = parseAddress(serverAddress) ?? { host: serverAddress, port: 0 };
    this.#url = `${managementUrl(host, port, tls)}/api/v1/server/tasks/status`;
  }

  async send(report: StatusReport): Promise<ReportAnswer> {
    try {
      const { status, data } = await this.#http.post<unknown>(this.#url, report);
      return readAnswer(status, data);
    } catch {
      return 'unreachable';
    }
  }
}

/** The reference answers with no body; ours says how the task stands. */
function readAnswer(status: number, body: unknown): ReportAnswer {
  if (status === HTTP_NOT_FOUND || status === HTTP_CONFLICT) return 'taskOver';
  if (status >= HTTP_OK && status < HTTP_REDIRECT) return readTaskStatus(body);
  const isRefusedForGood = status >= HTTP_BAD_REQUEST && status < HTTP_INTERNAL;
  return isRefusedForGood && !TRANSIENT_REFUSALS.has(status) ? 'taken' : 'unreachable';
}

function readTaskStatus(body: unknown): ReportAnswer {
  const given = (body as { taskStatus?: unknown } | null | undefined)?.taskStatus;
  const taskStatus = TASK_STATUSES.find((known) => known === given);
  if (taskStatus === 'CANCELLED' || taskStatus === 'COMPLETED') return 'taskEnded';
  return taskStatus && isTerminalTaskStatus(taskStatus) ? 'taskOver' : 'taken';
}
