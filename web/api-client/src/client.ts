/**
 * One function speaks to the server: it adds the headers that the contract asks for and turns every refusal into a
 * `Problem` that a screen can show as it is.
 *
 * A changing request carries an idempotency key. The key belongs to the act, not to the attempt: whoever retries the
 * same act passes the same key, so that a lost answer never does the thing twice.
 */
import type { ProblemBody } from './contract';

export class Problem extends Error {
  readonly body: ProblemBody;

  constructor(body: ProblemBody) {
    super(body.detail || body.title);
    this.body = body;
  }

  get code(): string {
    return this.body.code;
  }

  get status(): number {
    return this.body.status;
  }
}

type QueryValue = string | number | boolean | null | undefined;

export interface Call {
  query?: Record<string, QueryValue> | undefined;
  body?: unknown;
  /** Files go as multipart and report how far they are. */
  form?: FormData;
  onUpload?: (sent: number, total: number) => void;
  signal?: AbortSignal | undefined;
}

export interface Surroundings {
  language: () => string;
  merchant: () => string | null;
  /** Told when the session has ended, so that the sign-in page can be shown once and in one place. */
  signedOut: () => void;
}

const BASE = '/api/v1';

/** Random enough for a key, also on a plain http address where `crypto.randomUUID` is not offered. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

export function queryString(query: Record<string, QueryValue> | undefined): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

function problemOf(status: number, text: string, requestId: string | null): Problem {
  try {
    const body = JSON.parse(text) as Partial<ProblemBody>;
    if (typeof body.code === 'string') {
      const id = body.request_id ?? requestId;
      return new Problem({
        title: body.title ?? body.code,
        status,
        code: body.code,
        detail: body.detail ?? body.title ?? body.code,
        ...(body.field ? { field: body.field } : {}),
        ...(body.params ? { params: body.params } : {}),
        ...(id ? { request_id: id } : {}),
      });
    }
  } catch {
    // Not our server's words (a proxy's page, an empty body): fall through to the plain status.
  }
  return new Problem({
    title: `HTTP ${status}`,
    status,
    code: `http.${status}`,
    detail: '',
    ...(requestId ? { request_id: requestId } : {}),
  });
}

export class Client {
  private used = 0;

  constructor(
    private readonly around: Surroundings,
    private readonly actKey: string | null = null,
  ) {}

  /**
   * The same client for one act: its requests take their keys from the act's key in order, so that trying the act
   * again after a lost answer repeats the same keys.
   */
  keyed(actKey: string): Client {
    return new Client(this.around, actKey);
  }

  private nextKey(): string {
    if (this.actKey === null) return newKey();
    this.used += 1;
    return this.used === 1 ? this.actKey : `${this.actKey}-${this.used}`;
  }

  private headers(method: string, call: Call): Record<string, string> {
    const headers: Record<string, string> = {
      Accept: 'application/json',
      'Accept-Language': this.around.language(),
    };
    const merchant = this.around.merchant();
    if (merchant) headers['Shuke-Merchant'] = merchant;
    if (method !== 'GET') {
      headers['Shuke-Csrf'] = '1';
      headers['Idempotency-Key'] = this.nextKey();
    }
    if (call.body !== undefined) headers['Content-Type'] = 'application/json';
    return headers;
  }

  private settle<T>(status: number, text: string, requestId: string | null, path: string): T {
    if (status >= 200 && status < 300) return (text ? JSON.parse(text) : undefined) as T;
    const problem = problemOf(status, text, requestId);
    if (status === 401 && !path.startsWith('/sessions') && !path.startsWith('/setup')) this.around.signedOut();
    throw problem;
  }

  async request<T>(method: string, path: string, call: Call = {}): Promise<T> {
    const url = BASE + path + queryString(call.query);
    const headers = this.headers(method, call);
    if (call.form) return this.upload<T>(method, url, path, headers, call);
    let response: Response;
    try {
      response = await fetch(url, {
        method,
        headers,
        credentials: 'same-origin',
        ...(call.body !== undefined ? { body: JSON.stringify(call.body) } : {}),
        ...(call.signal ? { signal: call.signal } : {}),
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new Problem({ title: 'offline', status: 0, code: 'client.unreachable', detail: '' });
    }
    return this.settle<T>(response.status, await response.text(), response.headers.get('x-request-id'), path);
  }

  /** `fetch` cannot say how much of a body has gone out; a file of hundreds of megabytes must show that. */
  private upload<T>(
    method: string,
    url: string,
    path: string,
    headers: Record<string, string>,
    call: Call,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const xhr = new XMLHttpRequest();
      xhr.open(method, url);
      for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
      xhr.upload.onprogress = (event) => call.onUpload?.(event.loaded, event.total);
      xhr.onerror = () =>
        reject(new Problem({ title: 'offline', status: 0, code: 'client.unreachable', detail: '' }));
      xhr.onabort = () => reject(new DOMException('aborted', 'AbortError'));
      xhr.onload = () => {
        try {
          resolve(this.settle<T>(xhr.status, xhr.responseText, xhr.getResponseHeader('x-request-id'), path));
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      call.signal?.addEventListener('abort', () => xhr.abort());
      xhr.send(call.form);
    });
  }

  get<T>(path: string, query?: Call['query'], signal?: AbortSignal): Promise<T> {
    return this.request<T>('GET', path, { query, signal });
  }

  post<T>(path: string, body?: unknown, call: Call = {}): Promise<T> {
    return this.request<T>('POST', path, { ...call, ...(call.form ? {} : { body: body ?? {} }) });
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.request<T>('PUT', path, { body });
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.request<T>('PATCH', path, { body });
  }

  delete<T>(path: string, body?: unknown): Promise<T> {
    return this.request<T>('DELETE', path, body === undefined ? {} : { body });
  }

  /** Where a file can be fetched by a plain link; the session cookie goes along by itself. */
  url(path: string, query?: Call['query']): string {
    return BASE + path + queryString(query);
  }

  /** A download that needs the merchant's header, which a plain link cannot carry; with a body it is asked for by POST. */
  async download(path: string, query?: Call['query'], body?: unknown, signal?: AbortSignal): Promise<Blob> {
    const asks = body !== undefined;
    const response = await fetch(this.url(path, query), {
      method: asks ? 'POST' : 'GET',
      headers: this.headers(asks ? 'POST' : 'GET', asks ? { body } : {}),
      credentials: 'same-origin',
      ...(asks ? { body: JSON.stringify(body) } : {}),
      ...(signal ? { signal } : {}),
    });
    if (!response.ok) {
      throw problemOf(response.status, await response.text(), response.headers.get('x-request-id'));
    }
    return response.blob();
  }
}
