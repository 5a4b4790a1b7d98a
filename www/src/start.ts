/** Opens a flow in a shadow root: defaults and file places. */
import { defaultRelayUrl } from './address.js';
import { locateAssets } from './assets.js';
import type { IdvEvent } from './events.js';
import { Flow } from './flow.js';
import { connect } from './load.js';
import type { FlowSettings } from './settings.js';

/** Builds the flow. */
export function openFlow(root: ShadowRoot, host: HTMLElement, settings: FlowSettings, onEvent: (event: IdvEvent) => void): Flow {
  const page = location.href;
  const url = new URL(settings.url ?? page, page).href;
  const relayUrl = new URL(settings.relayUrl ?? defaultRelayUrl(url), page).href;
  const assets = locateAssets(settings.assetsBase, page);
  return new Flow(root, host, {
    locale: settings.locale,
    onEvent,
    connect: (locale) => connect({ url, relayUrl, locale, assets, parentOrigin: settings.parentOrigin }),
  });
}
