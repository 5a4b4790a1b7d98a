/**
 * `document_capture`: one side of a document, or both, one after the other with the camera open.
 *
 * The picture is taken by itself; from a time on that the page module tells, a shutter and a file stand beside that.
 */
import type { DocumentSide, View } from '../../view.js';
import { h, setText } from '../dom.js';
import type { CameraStage } from '../parts/camera-stage.js';
import { actionButton, filePicker, heading } from '../parts/controls.js';
import { icon } from '../parts/icons.js';
import { Shutter } from '../parts/shutter.js';
import { TurnOver } from '../parts/turn-over.js';
import type { ScreenContext, ScreenFactory } from '../screen.js';
import { familyOf, twoSidedFamilyOf } from '../screen.js';
import { capture } from './capture.js';

export function documentCapture(stage: CameraStage): ScreenFactory {
  return (context, first) => {
    const { texts, insist } = context;
    const words = texts.documentCapture;
    const count = h('span', { class: 'side-count', 'aria-hidden': 'true' });
    const name = h('span', {}, titleOf(context, first));
    const title = heading('');
    title.append(name, count);
    const turnOver = new TurnOver(words.turnOver);
    const shutter = new Shutter(context);
    const cancel = actionButton(context, 'cancel', texts.cancel, 'camera');
    cancel.prepend(icon('close', 20));
    const row = h('div', { class: 'camera-row' }, shutter.element, cancel);
    const bottom = h('div', { class: 'camera-bottom', part: 'actions' }, shutter.note, row);
    const picker = filePicker(context, words.upload, 'camera');
    let side: DocumentSide | null = null;
    let manual = false;
    return capture(context, stage, 'document', {
      title,
      bottom,
      over: turnOver.element,
      place: (guide) => turnOver.place(guide),
      update(view) {
        setText(name, titleOf(context, view));
        setText(count, view.side === 'back' ? '2/2' : twoSidedFamilyOf(view) ? '1/2' : '');
        const rescue = focusKeeper(bottom, title);
        shutter.update(view);
        if (!view.upload) picker.remove();
        else if (picker.parentNode === null) cancel.before(picker);
        rescue();
        if (view.side === 'back' && side !== 'back') {
          turnOver.show();
          insist(words.turnOverSpoken);
        } else if (view.side !== 'back') turnOver.hide();
        if (view.manual && !manual) insist(words.shootSpoken);
        ({ side, manual } = view);
      },
      dispose: () => turnOver.hide(),
    });
  };
}

function titleOf({ texts }: ScreenContext, view: View): string {
  const words = texts.documentCapture;
  if (view.side === 'back') return words.back;
  const twoSided = twoSidedFamilyOf(view);
  return twoSided ? words.front[twoSided] : words.title[familyOf(view.documentKinds)];
}

/** Remembers whether the focus is among these controls; the answer gives it to `refuge` if its control has gone. */
function focusKeeper(controls: HTMLElement, refuge: HTMLElement): () => void {
  const root = controls.getRootNode();
  const focused = root instanceof ShadowRoot ? root.activeElement : null;
  if (!focused || !controls.contains(focused)) return () => undefined;
  return () => {
    if (!controls.contains(focused)) refuge.focus({ preventScroll: true });
  };
}
