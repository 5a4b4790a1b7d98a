/**
 * `face_capture`: a good look first, then the actions that were drawn, one after the other.
 *
 * Each has its words, a head that shows it, marks around the oval and its place among the others. A break begins it
 * anew, which is said once to the eye and once to the ear.
 */
import type { View } from '../../view.js';
import { h, setAttribute } from '../dom.js';
import { isAction, moveOf } from '../move.js';
import type { CameraStage } from '../parts/camera-stage.js';
import { actionButton, heading } from '../parts/controls.js';
import { Figure } from '../parts/figure.js';
import { Moves } from '../parts/moves.js';
import { progressRing } from '../parts/ring.js';
import type { ScreenFactory } from '../screen.js';
import { capture } from './capture.js';

/** Time the notice of a restart shows, in ms: read once without haste. */
export const RESTART_MS = 4000;

export function faceCapture(stage: CameraStage): ScreenFactory {
  return (context, first) => {
    const { texts, insist } = context;
    const words = texts.challenge;
    const ring = progressRing(texts.captureProgress);
    const moves = new Moves(texts);
    const figure = new Figure();
    const restarted = h('p', { class: 'restarted', part: 'notice', 'aria-hidden': 'true', hidden: true }, words.restarted);
    const bottom = h('div', { class: 'camera-bottom', part: 'actions' }, ring.element, moves.element, actionButton(context, 'cancel', texts.cancel, 'camera'));
    let draw = first.challenge?.draw ?? 0;
    let done = 0;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const hide = () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      setAttribute(restarted, 'hidden', true);
    };
    const restart = () => {
      hide();
      setAttribute(restarted, 'hidden', null);
      timer = setTimeout(hide, RESTART_MS);
      insist(words.restartedSpoken);
    };
    return capture(context, stage, 'face', {
      title: heading(texts.faceCapture.title),
      bottom,
      over: restarted,
      figure: figure.element,
      place: (guide) => Object.assign(restarted.style, { top: `${guide.y + guide.height * 0.62}px` }),
      update(view: View) {
        const { challenge } = view;
        ring.update(view.progress);
        moves.update(challenge);
        const move = moveOf(view);
        figure.show(move, challenge?.action?.times, challenge?.action?.done);
        setAttribute(figure.element, 'data-action', isAction(move));
        if (!challenge) return;
        if (challenge.draw > draw) restart();
        // The next prompt says what comes; this says that the one before was seen.
        else if (challenge.done > done && challenge.done < challenge.count) insist(words.done(challenge.done, challenge.count));
        ({ draw, done } = challenge);
      },
      dispose: hide,
    });
  };
}
