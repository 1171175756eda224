import { describe, expect, it } from 'vitest';
import { parseHostEntry, type HostEntry } from '@gofd/task-model';
import { FakeAgentClient, speaking, UNREACHABLE } from '../../test/fake-agent-client.ts';
import { ManualClock } from '../../test/manual-clock.ts';
import { HostRecord } from '../tasks/host-record.ts';
import {
  AgentSurveyor,
  KNOWN_FOR_MS,
  MAX_KNOWN_AGENTS,
  MAX_QUESTIONS_IN_FLIGHT,
  SURVEY_GRACE_MS,
} from './agent-survey.ts';

function aSurveyor() {
  const client = new FakeAgentClient();
  const clock = new ManualClock();
  return { client, clock, surveyor: new AgentSurveyor(client, clock) };
}

function hosts(...names: string[]): HostRecord[] {
  return names.map((name) => new HostRecord(name, parseHostEntry(name) as HostEntry));
}

/** Whatever is ready to go on has gone on. */
function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('the wire version of a task', () => {
  it.each([
    { of: 'agents that all speak v2', versions: [[1, 2], [2]], wire: 2 },
    { of: 'agents that speak versions to come as well', versions: [[2, 3]], wire: 2 },
    { of: 'one v1 agent among v2', versions: [[1, 2], [1], [1, 2]], wire: 1 },
    { of: 'an agent that names no version', versions: [[1, 2], []], wire: 1 },
    { of: 'an agent of versions to come alone', versions: [[3]], wire: 1 },
  ])('of $of is $wire', async ({ versions, wire }) => {
    const { client, surveyor } = aSurveyor();
    const names = versions.map((_, index) => `h${index}`);
    versions.forEach((spoken, index) => client.willSay(`h${index}`, speaking(...spoken)));
    expect((await surveyor.survey(hosts(...names))).wire).toBe(wire);
  });

  it('goes by those that answered; the others have no info', async () => {
    const { client, surveyor } = aSurveyor();
    client.willSay('down', UNREACHABLE);
    const [up, down] = hosts('up', 'down') as [HostRecord, HostRecord];
    const survey = await surveyor.survey([up, down]);
    expect(survey.wire).toBe(2);
    expect(survey.infoOf(up)).toMatchObject({ wireVersions: [1, 2] });
    expect(survey.infoOf(down)).toBeUndefined();
  });

  it('is 2 when nobody answers: hosts that come later say for themselves', async () => {
    const { client, surveyor } = aSurveyor();
    client.willSay('down', UNREACHABLE);
    expect((await surveyor.survey(hosts('down'))).wire).toBe(2);
  });
});

describe('a silent host', () => {
  it('holds the others up for SURVEY_GRACE_MS after the first answer, and no longer', async () => {
    const { client, clock, surveyor } = aSurveyor();
    const answer = client.hold('silent');
    const [quick, silent] = hosts('quick', 'silent') as [HostRecord, HostRecord];
    let isOver = false;
    const surveyed = surveyor.survey([quick, silent]).finally(() => {
      isOver = true;
    });
    await eventLoopTurn();
    clock.advance(SURVEY_GRACE_MS - 1);
    await eventLoopTurn();
    expect(isOver).toBe(false);
    clock.advance(1);
    const survey = await surveyed;
    expect(survey.infoOf(quick)).toBeDefined();
    expect(survey.infoOf(silent)).toBeUndefined();

    answer(speaking(1));
    await eventLoopTurn();
    expect([survey.infoOf(silent), survey.wire]).toEqual([undefined, 2]);
  });

  it('that answers after all is known to the next task', async () => {
    const { client, clock, surveyor } = aSurveyor();
    const answer = client.hold('slow');
    const surveyed = surveyor.survey(hosts('quick', 'slow'));
    await eventLoopTurn();
    clock.advance(SURVEY_GRACE_MS);
    await surveyed;
    answer(speaking(1));
    await eventLoopTurn();
    expect((await surveyor.survey(hosts('slow'))).wire).toBe(1);
    expect(client.asked).toEqual(['quick', 'slow']);
  });

  it('starts no grace: with nobody else to go by, it is waited for', async () => {
    const { client, clock, surveyor } = aSurveyor();
    const answer = client.hold('slow');
    const surveyed = surveyor.survey(hosts('slow'));
    await eventLoopTurn();
    expect(clock.alarmCount).toBe(0);
    answer(speaking(1));
    expect((await surveyed).wire).toBe(1);
  });

  it('leaves no alarm behind once everybody has answered', async () => {
    const { clock, surveyor } = aSurveyor();
    await surveyor.survey(hosts('a', 'b', 'c'));
    expect(clock.alarmCount).toBe(0);
  });
});

describe('what an agent said', () => {
  it('holds for KNOWN_FOR_MS; then it is asked again', async () => {
    const { client, clock, surveyor } = aSurveyor();
    await surveyor.survey(hosts('a'));
    clock.advance(KNOWN_FOR_MS - 1);
    expect((await surveyor.survey(hosts('a'))).wire).toBe(2);
    expect(client.asked).toEqual(['a']);
    clock.advance(1);
    client.willSay('a', speaking(1));
    expect((await surveyor.survey(hosts('a'))).wire).toBe(1);
    expect(client.asked).toEqual(['a', 'a']);
  });

  it('is asked again of that host alone when it was forgotten', async () => {
    const { client, surveyor } = aSurveyor();
    const both = hosts('a', 'b') as [HostRecord, HostRecord];
    await surveyor.survey(both);
    surveyor.forget(both[0]);
    const survey = await surveyor.survey(both);
    expect(client.asked).toEqual(['a', 'b', 'a']);
    expect(both.map((host) => survey.infoOf(host))).not.toContain(undefined);
  });

  it('is not remembered where nothing was said', async () => {
    const { client, surveyor } = aSurveyor();
    client.willSay('a', UNREACHABLE);
    await surveyor.survey(hosts('a'));
    client.willSay('a', speaking(1));
    expect((await surveyor.survey(hosts('a'))).wire).toBe(1);
  });

  it('is remembered of MAX_KNOWN_AGENTS; the one asked longest ago is forgotten first', async () => {
    const { client, surveyor } = aSurveyor();
    const [oldest = '', second = '', ...rest] = Array.from(
      { length: MAX_KNOWN_AGENTS },
      (_, index) => `h${index}`,
    );
    await surveyor.survey(hosts(oldest, second, ...rest));
    client.asked.length = 0;
    await surveyor.survey(hosts(oldest));
    expect(client.asked).toEqual([]);
    await surveyor.survey(hosts('one-more'));
    await surveyor.survey(hosts(second, oldest));
    expect(client.asked).toEqual(['one-more', oldest]);
  });
});

describe('questions', () => {
  it('are under way for MAX_QUESTIONS_IN_FLIGHT hosts at once', async () => {
    const { client, surveyor } = aSurveyor();
    const names = Array.from({ length: MAX_QUESTIONS_IN_FLIGHT + 1 }, (_, index) => `h${index}`);
    const answers = names.map((name) => client.hold(name));
    const surveyed = surveyor.survey(hosts(...names));
    await eventLoopTurn();
    expect(client.asked).toHaveLength(MAX_QUESTIONS_IN_FLIGHT);
    for (const answer of answers) answer(UNREACHABLE);
    await surveyed;
    expect(client.asked).toHaveLength(MAX_QUESTIONS_IN_FLIGHT + 1);
  });
});
