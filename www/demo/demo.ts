/**
 * The hosted page. It gives the flow its own address, and goes to the return URL at the end.
 * `?lang=ko` chooses the language; an operator that embeds the page names the embedding origin in
 * `<meta name="idv-parent-origin" content="https://…">`.
 */
import type { IdvFlowElement } from '../src/element-class.js';
import { safeReturnUrl } from '../src/address.js';

/** Time the last screen stays before the page leaves, in ms: long enough to be read as an end, short enough not to wait for. */
const LEAVE_AFTER_MS = 1200;

const TITLES: Readonly<Record<string, string>> = { en: 'Identity check', ko: '본인 확인' };

const flow = document.querySelector('idv-flow') as IdvFlowElement | null;
const wanted = new URL(location.href).searchParams.get('lang');
const language = (wanted ?? navigator.language).toLowerCase().startsWith('ko') ? 'ko' : 'en';
document.documentElement.lang = language;
document.title = TITLES[language] ?? document.title;

function leave({ detail }: CustomEvent<{ returnUrl: string | null }>): void {
  const target = safeReturnUrl(detail.returnUrl);
  if (target !== null) setTimeout(() => location.assign(target), LEAVE_AFTER_MS);
}

if (flow) {
  flow.addEventListener('idv-submitted', leave);
  flow.addEventListener('idv-cancel', leave);
  const parentOrigin = document.querySelector<HTMLMetaElement>('meta[name="idv-parent-origin"]')?.content;
  if (parentOrigin) flow.setAttribute('parent-origin', parentOrigin);
  if (wanted !== null) flow.setAttribute('locale', wanted);
  flow.setAttribute('url', location.href);
}
