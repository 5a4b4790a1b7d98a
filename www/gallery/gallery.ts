/**
 * Shows one sample (`?screen=consent`), or plays all of them (`?play`), or lists them.
 * `&locale=ko`, `&dir=rtl`, `&theme=dark`, `&frame=wide` as named.
 */
import { Flow } from '../src/flow.js';
import { FakeVerification } from './fake.js';
import { samples } from './views.js';

declare global {
  /** What the screenshot script and the tests read. */
  var idvGallery: { names: string[]; events: unknown[]; flow?: Flow; module?: FakeVerification };
}

const query = new URL(location.href).searchParams;
const locale = query.get('locale') ?? 'en';
const host = document.querySelector<HTMLElement>('#flow');
const events: unknown[] = [];
globalThis.idvGallery = { names: Object.keys(samples(locale)), events };

function list(): void {
  const nav = document.createElement('nav');
  for (const name of ['', ...globalThis.idvGallery.names]) {
    const link = document.createElement('a');
    link.href = name === '' ? '?play' : `?screen=${name}`;
    link.textContent = name === '' ? 'Play all' : name;
    nav.append(link, document.createElement('br'));
  }
  document.body.replaceChildren(nav);
}

if (host && (query.has('screen') || query.has('play'))) {
  const theme = query.get('theme');
  if (theme) host.setAttribute('theme', theme);
  const direction = query.get('dir');
  if (direction) host.dir = direction;
  document.documentElement.lang = locale;
  globalThis.idvGallery.flow = new Flow(host.attachShadow({ mode: 'open' }), host, {
    locale,
    onEvent: (event) => {
      events.push(event);
      host.dispatchEvent(new CustomEvent(event.type, { detail: event.detail, bubbles: true, composed: true }));
    },
    connect: (tag) => Promise.resolve((globalThis.idvGallery.module = new FakeVerification(tag, query.get('screen')))),
  });
} else {
  list();
}
