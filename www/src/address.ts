/** URLs that come and go: the relay that a start URL belongs to, the way back, and links to other apps. */

/** Schemes that run or show content instead of leading somewhere. App schemes are allowed: apps are returned to by them. */
const FORBIDDEN_SCHEMES = ['javascript:', 'data:', 'vbscript:', 'blob:', 'file:', 'about:', 'view-source:'];

/** The return URL if it is one to go to, else null. */
export function safeReturnUrl(returnUrl: string | null): string | null {
  if (returnUrl === null) return null;
  try {
    const url = new URL(returnUrl);
    return FORBIDDEN_SCHEMES.includes(url.protocol) ? null : url.href;
  } catch {
    return null;
  }
}

/** A link to another app as it came, unchanged; null for one that runs or shows content instead. */
export function safeAppLink(uri: string | null): string | null {
  const scheme = uri === null ? null : /^[a-z][a-z0-9+.-]*:/i.exec(uri)?.[0].toLowerCase();
  return scheme && !FORBIDDEN_SCHEMES.includes(scheme) ? uri : null;
}

/** The relay beside the page that the start URL names. */
export function defaultRelayUrl(startUrl: string): string {
  return new URL('/relay/v1', startUrl).href;
}
