/** `error`: what happened, what to do, and the code for support. */
import type { View } from '../../view.js';
import { h } from '../dom.js';
import { actionButton, heading } from '../parts/controls.js';
import type { SealSign } from '../parts/illustrations.js';
import { sealArt } from '../parts/illustrations.js';
import { permissionPlace } from '../permission.js';
import type { ScreenContext, ScreenFactory } from '../screen.js';
import { errorAdvice } from '../screen.js';

/** Errors without a session that could be ended: the service has to open the flow again. */
const WITHOUT_SESSION: readonly string[] = ['token_invalid', 'token_used', 'token_expired', 'session_unknown', 'session_expired', 'session_closed', 'insecure_context', 'storage_blocked'];

/** Errors that the camera's permission mends. */
const PERMISSION_ERRORS: readonly string[] = ['camera_denied', 'camera_timeout'];

export const error: ScreenFactory = (context, view) => {
  const { texts } = context;
  const code = view.error?.code ?? 'internal';
  const retryable = view.error?.retryable ?? true;
  const advice = errorAdvice(texts, code);
  const title = heading(advice.title);
  const leavable = !WITHOUT_SESSION.includes(code);
  const actions = [
    retryable && actionButton(context, 'retry', texts.tryAgain, 'primary'),
    leavable && actionButton(context, 'leave', texts.leave, retryable ? 'secondary' : 'primary'),
  ];
  const element = h(
    'section',
    { class: 'page page-message' },
    h(
      'div',
      { class: 'page-body' },
      sealArt(signOf(code)),
      title,
      h('p', { class: 'lead' }, advice.remedy),
      PERMISSION_ERRORS.includes(code) && permissionHelp(context),
      !retryable && !leavable && h('p', { class: 'fine' }, texts.startAgain),
      h('p', { class: 'fine code' }, texts.errorCode(code)),
    ),
    h('div', { class: 'page-actions', part: 'actions' }, ...actions),
  );
  return { element, focus: title, update() {} };
};

/** Whether the screen for this view has to be made anew: another error took the place of the one shown. */
export function sameError(before: View, after: View): boolean {
  return before.error?.code === after.error?.code && before.error?.retryable === after.error?.retryable;
}

function permissionHelp({ texts, userAgent }: ScreenContext): HTMLElement {
  const steps = texts.permission[permissionPlace(userAgent)];
  return h('div', { class: 'help', part: 'card' }, h('h2', { class: 'help-title' }, texts.permissionTitle), h('ol', {}, ...steps.map((step) => h('li', {}, step))));
}

function signOf(code: string): SealSign {
  if (code.startsWith('camera_')) return 'camera';
  if (code.startsWith('token_') || code.startsWith('session_') || code === 'insecure_context') return 'lock';
  if (code === 'network_lost' || code === 'request_timeout' || code === 'server_unavailable') return 'network';
  return 'stop';
}
