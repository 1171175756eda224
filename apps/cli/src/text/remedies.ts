/** What to do about a host, for each code that the server or an agent gives. docs/operations.md says more. */
const REMEDIES: Readonly<Record<string, string>> = {
  AGENT_UNREACHABLE:
    'on the host: is the agent running (systemctl status gofd-agent), and does a firewall let the server in?',
  AGENT_AUTH_REFUSED: 'give server and agent the same `auth` section, then restart the agent',
  AGENT_TLS_REFUSED: 'compare net.tls.ca of the server with the certificate of the agent',
  AGENT_REFUSED: 'is that the management port of a GoFD agent? the entry may need another :port',
  PLAN_UNSUPPORTED: 'update the agent, or look at its disk by hand; it can get tasks all the same',
  NO_SPACE: 'free space on the disk of its downdir, or move downdir to a larger one',
  DEST_UNWRITABLE:
    "let the agent's user write to its downdir: ls -ld, mount (read-only?), then restart",
  DEST_NOT_REGULAR: 'move what stands there under that name out of the way',
  DEST_BUSY: 'wait until the other task has ended, or cancel it: gofd task list',
  UNSAFE_PATH: 'send the file under a name that the file system of that host can hold',
  TOO_MANY_TASKS: 'wait until tasks have ended there: gofd task list',
  IO_ERROR: 'look at the disk: dmesg, smartctl, df -i',
  INTEGRITY: 'look at memory and disk of that host, then: gofd task retry',
  NO_SOURCE_REACHABLE: 'let the hosts reach the data ports of each other and of the server',
  AGENT_LOST: 'on the host: is the agent still running, and the network up?',
  SOURCE_NOT_FOUND: "--file names a path on the server's disk: look for it there",
  SOURCE_NOT_REGULAR: 'name a plain file; a folder has to be packed first (tar)',
  SOURCE_UNREADABLE: "let the server's user read the file",
};

export function remedyFor(code: string): string | undefined {
  return Object.hasOwn(REMEDIES, code) ? REMEDIES[code] : undefined;
}

/** A line for each code that there is something to do about, in the order in which they come first. */
export function remedyLines(codes: readonly string[]): string[] {
  return [...new Set(codes)].flatMap((code) => {
    const remedy = remedyFor(code);
    return remedy === undefined ? [] : [`hint: ${code}: ${remedy}`];
  });
}
