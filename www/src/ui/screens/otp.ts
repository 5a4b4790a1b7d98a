/** `otp`: the code from the text message, another one after its time, and the way back to a wrong number. */
import type { Texts } from '../../locales/index.js';
import type { OtpView } from '../../view.js';
import { h, setAttribute, setText } from '../dom.js';
import { actionButton, heading } from '../parts/controls.js';
import { everySecond, secondsUntil, timeText } from '../parts/countdown.js';
import { textField } from '../parts/field.js';
import { formFrame } from '../parts/form.js';
import { icon } from '../parts/icons.js';
import type { ScreenFactory } from '../screen.js';
import { entryProblemOf } from '../screen.js';

export const otp: ScreenFactory = (context, first) => {
  const { texts, insist } = context;
  const words = texts.otp;
  const digits = first.otp?.digits ?? 6;
  const title = heading(words.title);
  const lead = h('p', { class: 'lead' });
  const field = textField({
    id: 'otp',
    label: words.label,
    attributes: { type: 'text', class: 'input input-code', inputmode: 'numeric', autocomplete: 'one-time-code', pattern: '[0-9]*', maxlength: digits },
  });
  const expiry = h('span', {});
  const clock = h('p', { class: 'countdown' }, icon('clock', 18), expiry);
  const resend = actionButton(context, 'resend', words.resend, 'secondary');
  const resendText = resend.querySelector('.button-text') ?? resend;
  const last = h('p', { class: 'fine', hidden: true }, words.lastCode);
  const correct = actionButton(context, 'correct', words.correct, 'secondary');
  let seen: OtpView | null = null;
  let failed = '';

  const submit = () => {
    const code = field.value().replace(/\D/g, '');
    if (code.length !== digits) {
      field.fail(words.problems.wrong);
      field.focus();
      return;
    }
    context.enter({ step: 'otp', code });
  };
  const frame = formFrame(context, 'otp', words.goOn, submit, [title, lead, field.element, clock, h('div', { class: 'asides' }, resend, last, correct)]);
  field.element.addEventListener('input', () => field.fail(null));

  const tick = () => {
    if (!seen) return;
    const left = secondsUntil(seen.expiresAtMs);
    const wait = seen.triesLeft === 0 ? 0 : secondsUntil(seen.resendAtMs);
    setAttribute(clock, 'hidden', !seen.sent || seen.problem === 'expired');
    setText(expiry, left > 0 ? words.expires(timeText(texts, left)) : words.expired);
    setAttribute(clock, 'data-over', left === 0);
    setText(resendText, wait > 0 ? words.resendIn(timeText(texts, wait)) : words.resend);
    setAttribute(resend, 'aria-disabled', wait > 0 || !seen.sent ? 'true' : null);
  };
  const stop = everySecond(tick);
  return {
    element: frame.element,
    focus: title,
    update(view) {
      const before = seen;
      seen = view.otp;
      if (!seen) return;
      frame.busy(view.busy && seen.sent);
      setText(lead, seen.sent ? words.lead(seen.digits, seen.phoneEnd) : words.sending);
      setAttribute(last, 'hidden', seen.sendsLeft > 0);
      setAttribute(resend, 'hidden', !seen.sent || (seen.sendsLeft === 0 && seen.triesLeft > 0 && secondsUntil(seen.expiresAtMs) > 0));
      if (before?.sent && before.resendAtMs !== seen.resendAtMs) {
        // Another code: the one in the field is of no use any more.
        field.clear();
        field.fail(null);
        insist(words.resent);
      }
      const problem = problemText(texts, seen);
      if (problem !== null && problem !== failed && !view.busy) {
        field.clear();
        field.fail(problem);
        field.focus();
        insist(problem);
      }
      failed = problem ?? '';
      tick();
    },
    dispose() {
      stop();
      field.clear();
    },
  };
};

/** Why the last code was not taken, and how many tries are left for the one that counts. */
function problemText({ otp: words }: Texts, { problem, triesLeft }: OtpView): string | null {
  if (problem === null) return null;
  const why = words.problems[entryProblemOf(problem)];
  return problem === 'expired' ? why : `${why} ${words.triesLeft(triesLeft)}`;
}
