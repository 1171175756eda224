/**
 * A page's stream of events, folded into one state for as long as the page is shown. However many
 * events come, the page is drawn at most once a frame, and the connection hears of every loss.
 */
import { useEffect, useState } from 'preact/hooks';
import type { ApiError, Lost } from '@gofd/api-client';
import { toApiError } from '../forms/to-api-error.ts';
import { useSession } from '../session/session.ts';

const HTTP_NOT_FOUND = 404;

export interface Feed<State, Event> {
  /** The page shows something else when this changes. */
  readonly key: string;
  readonly start: State;
  readonly follow: (signal: AbortSignal) => AsyncGenerator<Event | Lost>;
  readonly reduce: (state: State, event: Event | Lost, nowMs: number) => State;
}

export interface Followed<State> {
  readonly state: State;
  /** What the page is about does not exist (any more). */
  readonly missing: ApiError | undefined;
}

export function useFeed<State, Event extends { readonly event: string }>(
  feed: Feed<State, Event>,
): Followed<State> {
  const { connection } = useSession();
  const [shown, setShown] = useState({ key: feed.key, state: feed.start });
  const [missing, setMissing] = useState<ApiError>();

  useEffect(() => {
    const { key, start, follow, reduce } = feed;
    const leaving = new AbortController();
    let state = start;
    let frame = 0;
    const show = (): void => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        setShown({ key, state });
      });
    };
    const run = async (): Promise<void> => {
      for await (const event of follow(leaving.signal)) {
        if (isLost(event)) connection.lost(event.data.error, Date.now());
        else connection.heard();
        state = reduce(state, event, Date.now());
        show();
      }
    };
    setMissing(undefined);
    show();
    run().catch((thrown: unknown) => {
      if (leaving.signal.aborted) return;
      const error = toApiError(thrown);
      if (error.statusCode === HTTP_NOT_FOUND) setMissing(error);
      else connection.lost(error, Date.now(), false);
    });
    return () => {
      leaving.abort();
      cancelAnimationFrame(frame);
    };
  }, [feed.key, connection]);

  return { state: shown.key === feed.key ? shown.state : feed.start, missing };
}

function isLost(event: { readonly event: string }): event is Lost {
  return event.event === 'lost';
}
