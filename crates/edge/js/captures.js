/** Where captures go: they are never kept in a session. The name of each ends in its digest, so none is overwritten. */

const nameOf = ({ sessionId, attempt, kind, sha256 }) => `${sessionId}/${attempt}-${kind}-${sha256}.jpg`;

/** Captures in an R2 bucket, until the session has ended. */
export function r2Captures(bucket) {
  return {
    put: async (key, bytes) => void (await bucket.put(nameOf(key), bytes, { httpMetadata: { contentType: 'image/jpeg' } })),
    get: async (key) => {
      const object = await bucket.get(nameOf(key));
      return object === null ? undefined : new Uint8Array(await object.arrayBuffer());
    },
    delete: async (sessionId) => {
      let cursor;
      do {
        const page = await bucket.list({ prefix: `${sessionId}/`, cursor });
        if (page.objects.length > 0) await bucket.delete(page.objects.map(({ key }) => key));
        cursor = page.truncated ? page.cursor : undefined;
      } while (cursor !== undefined);
    },
  };
}

/** Captures forwarded to a server of the operator's: PUT and GET `base/NAME`, DELETE `base/SESSION`, by bearer token. */
export function upstreamCaptures({ base, token, fetch: send = (...args) => globalThis.fetch(...args), timeoutMs = 15_000 }) {
  const ask = async (method, name, body) => {
    const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'image/jpeg' }) };
    const url = `${String(base).replace(/\/$/, '')}/${name}`;
    const response = await send(url, { method, headers, body, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw new Error(`the upstream of the captures answered ${response.status}`);
    return response;
  };
  return {
    put: async (key, bytes) => void (await ask('PUT', nameOf(key), bytes)),
    get: async (key) => new Uint8Array(await (await ask('GET', nameOf(key))).arrayBuffer()),
    delete: async (sessionId) => void (await ask('DELETE', sessionId)),
  };
}
