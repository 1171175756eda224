import { useMemo, useState } from 'preact/hooks';
import { AgentsPage } from '../agents/agents-page.tsx';
import { useRoute, type Route } from '../routing/route.ts';
import { forgetSignIn, keepSignIn, readSignIn } from '../session/kept-sign-in.ts';
import { createSession, SessionContext } from '../session/session.ts';
import { SignIn } from '../session/sign-in.tsx';
import { TaskPage } from '../task/task-page.tsx';
import { CreateTask } from '../tasks/create-task.tsx';
import { TaskListPage } from '../tasks/task-list-page.tsx';
import { Shell } from './shell.tsx';

/** The whole console: the sign-in, or the page that the address names. */
export function Console() {
  const [signIn, setSignIn] = useState(readSignIn);
  const session = useMemo(() => {
    const signOut = (): void => {
      forgetSignIn();
      setSignIn(undefined);
    };
    return signIn && createSession(signIn, signOut);
  }, [signIn]);
  const route = useRoute();
  if (!session) {
    return (
      <SignIn
        onSignedIn={(data) => {
          keepSignIn(data);
          setSignIn(data);
        }}
      />
    );
  }
  return (
    <SessionContext.Provider value={session}>
      <Shell page={route.page}>
        <Page route={route} />
      </Shell>
    </SessionContext.Provider>
  );
}

function Page({ route }: { readonly route: Route }) {
  switch (route.page) {
    case 'tasks':
      return <TaskListPage />;
    case 'task':
      return <TaskPage key={route.taskId} taskId={route.taskId} />;
    case 'new':
      return <CreateTask />;
    case 'agents':
      return <AgentsPage />;
  }
}
