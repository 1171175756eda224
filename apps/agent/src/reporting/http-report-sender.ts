/** Reports over the server's REST interface. */
import type { AxiosInstance } from 'axios';
import { managementUrl, type TlsFiles } from '@gofd/service-kit';
import { isTerminalTaskStatus, parseAddress, type TaskStatus } from '@gofd/task-model';
import type { ReportAnswer, ReportSender, StatusReport } from './report-sender.port.ts';

const HTTP_OK = 200;
const HTTP_BAD_REQUEST = 400;
const HTTP_NOT_FOUND = 404;
const HTTP_CONFLICT = 409;
const HTTP_INTERNAL = 500;

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
  if (status >= HTTP_INTERNAL) return 'unreachable';
  if (status >= HTTP_BAD_REQUEST && status !== HTTP_OK) return 'taken'; // the same would be refused again
  const taskStatus = (body as { taskStatus?: TaskStatus } | undefined)?.taskStatus;
  if (taskStatus === 'CANCELLED' || taskStatus === 'COMPLETED') return 'taskEnded';
  return taskStatus && isTerminalTaskStatus(taskStatus) ? 'taskOver' : 'taken';
}
