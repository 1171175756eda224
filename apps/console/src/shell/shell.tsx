import type { ComponentChildren } from 'preact';
import { Banner } from '../live/banner.tsx';
import { useObservable } from '../live/observable.ts';
import { hrefOf, type Route } from '../routing/route.ts';
import { useSession } from '../session/session.ts';

interface Props {
  readonly page: Route['page'];
  readonly children: ComponentChildren;
}

const LINKS = [
  ['tasks', 'Tasks'],
  ['new', 'New task'],
  ['agents', 'Agents'],
] as const;

/** What stands around every page: where one can go, who is signed in, and whether it is fresh. */
export function Shell({ page, children }: Props) {
  const { username, signOut, connection } = useSession();
  const { isLive } = useObservable(connection);
  return (
    <>
      <header class="shell">
        <strong>GoFD</strong>
        <nav aria-label="Pages">
          {LINKS.map(([target, label]) => (
            <a
              key={target}
              href={hrefOf({ page: target })}
              aria-current={page === target ? 'page' : undefined}
            >
              {label}
            </a>
          ))}
        </nav>
        <span class="user">{username}</span>
        <button type="button" onClick={signOut}>
          Sign out
        </button>
      </header>
      <Banner />
      <main class={isLive ? 'live' : 'stale'}>{children}</main>
    </>
  );
}
