/** The stylesheets as one constructable sheet, which a CSP without inline styles allows. */
import art from './art.css';
import base from './base.css';
import camera from './camera.css';
import controls from './controls.css';
import dark from './dark.css';
import documentStyles from './document.css';
import face from './face.css';
import form from './form.css';
import light from './light.css';
import page from './page.css';

const DARK_BY_SYSTEM = `@media (prefers-color-scheme:dark){${dark.replace(':host', ':host(:not([theme=light]))')}}`;
const DARK_BY_CHOICE = dark.replace(':host', ':host([theme=dark])');
const TEXT = [light, DARK_BY_SYSTEM, DARK_BY_CHOICE, base, page, controls, art, camera, documentStyles, face, form].join('\n');

let shared: CSSStyleSheet | undefined;

/** Gives a shadow root the styles; browsers before constructable sheets get a style element. */
export function adoptStyles(root: ShadowRoot): void {
  if ('adoptedStyleSheets' in root && 'replaceSync' in CSSStyleSheet.prototype) {
    if (!shared) {
      shared = new CSSStyleSheet();
      shared.replaceSync(TEXT);
    }
    root.adoptedStyleSheets = [shared];
    return;
  }
  const style = document.createElement('style');
  style.textContent = TEXT;
  (root as ShadowRoot).append(style);
}
