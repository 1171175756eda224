// Exit code 0 when the service in this container answers, for Docker's HEALTHCHECK. The image has
// no curl. GOFD_HEALTH_URL names the address, because one image runs either service.
const url = process.env.GOFD_HEALTH_URL ?? 'http://127.0.0.1:45000/api/v1/server/health';
const TIMEOUT_MS = 3000;

try {
  const { status } = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (status !== 200) throw new Error(`status ${status}`);
} catch (error) {
  console.error(`${url}: ${error.cause?.code ?? error.message}`);
  process.exitCode = 1;
}
