/** What carries one call: `fetch` in browsers and wherever its TLS will do, something else elsewhere. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface ApiResponse {
  readonly status: number;
  text(): Promise<string>;
  /** The body as it comes in; ends early when the request's signal is aborted. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** Rejects when there is no answer; every status is an answer. */
export type Transport = (request: ApiRequest) => Promise<ApiResponse>;

export const fetchTransport: Transport = async ({ url, ...request }) => {
  const response = await fetch(url, {
    ...request,
    redirect: 'error', // nothing redirects, and the password must not follow
    credentials: 'omit',
    cache: 'no-store',
  });
  return {
    status: response.status,
    text: () => response.text(),
    chunks: () => readChunks(response),
  };
};

/** Not every browser can iterate over a body. */
async function* readChunks(response: Response): AsyncGenerator<Uint8Array> {
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
