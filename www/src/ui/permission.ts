/** Where on this browser a denied camera is allowed again. */
import type { PermissionPlace } from '../locales/texts.js';

const IN_APP = /; wv\)|\bFB(AN|AV)|Instagram|KAKAOTALK|NAVER\(|Line\/|Snapchat|MicroMessenger|Twitter/i;

/** Tells the place from the user agent string. In-app browsers first: they carry the marks of the others too. */
export function permissionPlace(userAgent: string): PermissionPlace {
  const has = (pattern: RegExp) => pattern.test(userAgent);
  if (has(IN_APP)) return 'in_app';
  if (has(/iPhone|iPad|iPod/)) return has(/CriOS|FxiOS|EdgiOS|OPiOS/) || !has(/Safari\//) ? 'ios_other' : 'ios_safari';
  if (has(/Android/)) {
    if (has(/Firefox/)) return 'android_firefox';
    if (has(/SamsungBrowser/)) return 'android_samsung';
    return has(/Chrome/) ? 'android_chrome' : 'other';
  }
  if (has(/Firefox/)) return 'desktop_firefox';
  if (has(/Chrome|Chromium|Edg/)) return 'desktop_chrome';
  return has(/Safari/) ? 'desktop_safari' : 'other';
}
