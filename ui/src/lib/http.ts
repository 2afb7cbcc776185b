// SPDX-License-Identifier: Apache-2.0
// Requests to the server that this page came from, and nowhere else.

/** What went wrong, as the centre says it (docs/api.md, "When something is wrong"). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly where = '',
    readonly expected = '',
  ) {
    super(detail);
  }
}

/** No answer came: whether a command was recorded is not known. */
export class NoAnswer extends Error {}

export interface Asked {
  method?: 'GET' | 'POST';
  body?: string;
  headers?: Record<string, string>;
  token?: string | undefined;
}

/** Send a request; the response of an error is thrown as a `Problem`. */
export async function send(path: string, asked: Asked = {}): Promise<Response> {
  const headers: Record<string, string> = { ...asked.headers };
  if (asked.body !== undefined) headers['Content-Type'] = 'application/json';
  if (asked.token) headers['Authorization'] = `Bearer ${asked.token}`;
  let response: Response;
  try {
    response = await fetch(path, { method: asked.method ?? 'GET', headers, body: asked.body ?? null, cache: 'no-store' });
  } catch (error) {
    throw new NoAnswer(String(error));
  }
  if (!response.ok) throw await problemIn(response);
  return response;
}

/** Send a request and read the JSON of its answer. */
export async function ask<T>(path: string, asked: Asked = {}): Promise<T> {
  const response = await send(path, asked);
  try {
    return (await response.json()) as T;
  } catch (error) {
    throw new NoAnswer(String(error));
  }
}

async function problemIn(response: Response): Promise<Problem> {
  try {
    const said = (await response.json()) as { detail?: string; where?: string; expected?: string };
    return new Problem(response.status, said.detail ?? response.statusText, said.where, said.expected);
  } catch {
    return new Problem(response.status, `${response.status} ${response.statusText}`);
  }
}
