/** Agents that are only asked what they can do: each says what a test gave it, when the test lets it. */
import type { AgentInfo, HostEntry } from '@gofd/task-model';
import { AgentClient, type CallResult } from '../src/dispatch/agent-client.port.ts';

export type Info = CallResult<AgentInfo>;

export const UNREACHABLE: Info = {
  ok: false,
  failure: { code: 'AGENT_UNREACHABLE', message: 'nobody there' },
  isRefusedConnection: true,
  mayHaveArrived: false,
};

/** An agent that speaks these versions. */
export function speaking(...wireVersions: number[]): Info {
  return { ok: true, answer: { version: '0.1.0', wireVersions, dataPort: 45_011 } };
}

export class FakeAgentClient extends AgentClient {
  /** Hosts that were asked, in order. */
  readonly asked: string[] = [];
  readonly #infos = new Map<string, Promise<Info>>();

  /** From now on; hosts that were told nothing speak both versions. */
  willSay(host: string, info: Info): void {
    this.#infos.set(host, Promise.resolve(info));
  }

  /** The host is silent until the returned function is called. */
  hold(host: string): (info: Info) => void {
    let answer: (info: Info) => void = () => undefined;
    const said = new Promise<Info>((resolve) => {
      answer = resolve;
    });
    this.#infos.set(host, said);
    return answer;
  }

  override info({ host }: HostEntry): Promise<Info> {
    this.asked.push(host);
    return this.#infos.get(host) ?? Promise.resolve(speaking(1, 2));
  }

  override plan(): Promise<never> {
    return Promise.reject(new Error('nobody plans here'));
  }

  override create(): Promise<never> {
    return Promise.reject(new Error('no task is created here'));
  }

  override start(): Promise<never> {
    return Promise.reject(new Error('no task is started here'));
  }

  override end(): Promise<never> {
    return Promise.reject(new Error('no task is ended here'));
  }

  override setSpeed(): Promise<never> {
    return Promise.reject(new Error('no speed is changed here'));
  }

  override probe(): Promise<never> {
    return Promise.reject(new Error('nobody is probed here'));
  }
}
