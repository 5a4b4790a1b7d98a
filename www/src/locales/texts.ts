/** Every text of the flow. A language is one value of `Texts`; a missing one does not compile. */
import type { ChallengeSet, DocumentHint, DocumentSide, EntryProblem, ErrorCode, FaceHint, FieldProblem, FileProblem, PersonField, Reason, SignatureTrigger, StepName } from '../view.js';

/** Where the camera permission is mended; see `ui/permission.ts`. */
export type PermissionPlace =
  | 'ios_safari'
  | 'ios_other'
  | 'android_chrome'
  | 'android_samsung'
  | 'android_firefox'
  | 'in_app'
  | 'desktop_chrome'
  | 'desktop_firefox'
  | 'desktop_safari'
  | 'other';

/** Which documents are asked for. */
export type DocumentFamily = 'passport' | 'card' | 'any';

/** What happened, and what to do now. */
export interface Advice {
  title: string;
  remedy: string;
}

/** A tip on an intro screen. */
export type TipName = 'sides' | 'page' | 'flat' | 'light' | 'fingers' | 'bare' | 'front_light' | 'alone';

/** A text, or one for each family of documents. */
export type ByFamily = Record<DocumentFamily, string>;

/** Documents that may have a back. */
export type TwoSidedFamily = Exclude<DocumentFamily, 'passport'>;

/** What a field's text looks like, where that is not plain: by field, or by field and country. */
export type FieldHint = 'document_number_jp' | 'document_number_cn' | 'phone' | 'phone_us' | 'phone_kr';

/** Fields that a country calls by a name of its own. */
export type NationalField = 'region_us' | 'postal_code_us';

/** Texts of the steps without pictures. */
export interface FormTexts {
  person: { title: string; lead: string; goOn: string; working: string; wrongFields: (count: number) => string };
  fields: Record<PersonField | NationalField, string>;
  fieldHints: Record<FieldHint, string>;
  /** The parts of a date of birth. */
  birthDate: { year: string; month: string; day: string };
  fieldProblems: Record<FieldProblem, string>;
  /** Time that runs down, minutes and seconds. */
  timeLeft: (minutes: number, seconds: number) => string;
  otp: {
    title: string;
    /** `phoneEnd` are the phone's last digits, where they are known. */
    lead: (digits: number, phoneEnd: string | null) => string;
    sending: string;
    label: string;
    goOn: string;
    expires: (time: string) => string;
    expired: string;
    resend: string;
    resendIn: (time: string) => string;
    lastCode: string;
    resent: string;
    correct: string;
    problems: Record<EntryProblem, string>;
    triesLeft: (count: number) => string;
  };
  secret: {
    title: string;
    lead: (digits: number) => string;
    /** Where it is printed, by country; `other` where that is not known. */
    where: { jp: string; other: string };
    illustration: string;
    label: string;
    show: string;
    hide: string;
    problem: string;
    triesLeft: (count: number) => string;
  };
  signature: {
    title: string;
    lead: string;
    ways: Record<SignatureTrigger, { title: string; body: string }>;
  };
  signatureWait: {
    title: Record<SignatureTrigger, string>;
    lead: Record<SignatureTrigger, string>;
    illustration: string;
    open: string;
    check: string;
    looking: string;
    notYet: string;
    change: string;
    expires: (time: string) => string;
    expired: string;
  };
}

export interface Texts extends FormTexts {
  /** BCP 47 tag of these texts. */
  tag: string;
  direction: 'ltr' | 'rtl';
  /** Name of the whole, for screen readers. */
  flowLabel: string;
  steps: Record<StepName, string>;
  stepOf: (index: number, count: number) => string;
  offline: string;
  cancel: string;
  tryAgain: string;
  leave: string;
  preparing: (percent: number) => string;
  openCamera: string;
  loading: { title: string; body: string };
  consent: {
    title: string;
    lead: string;
    takenTitle: string;
    document: { title: string; body: string };
    face: { title: string; body: string };
    person: { title: string; body: string };
    otp: { title: string; body: string };
    secret: { title: string; body: string };
    signature: { title: string; body: string };
    choice: { title: string; body: string; withoutPictures: string };
    /** Where the plan takes no pictures. */
    leadWithoutPictures: string;
    retentionWithoutPictures: (days: number) => string;
    deviceWithoutPictures: string;
    recipientsTitle: string;
    retentionTitle: string;
    retention: (days: number) => string;
    device: string;
    version: (version: string) => string;
    agree: string;
    refuse: string;
  };
  documentIntro: {
    title: ByFamily;
    lead: ByFamily;
    illustration: string;
    /** Where the back will be asked for. */
    twoSidedLead: Record<TwoSidedFamily, string>;
    twoSidedIllustration: string;
  };
  faceIntro: { title: string; lead: string; illustration: string };
  tips: Record<TipName, string>;
  /** While the browser asks for the camera, or opens it. */
  openingCamera: string;
  documentCapture: {
    title: ByFamily;
    /** Where the back comes after it. */
    front: Record<TwoSidedFamily, string>;
    back: string;
    note: string;
    /** Shown for a moment when the back comes up, and what is said then. */
    turnOver: string;
    turnOverSpoken: string;
    /** Name of the shutter, the sentence below it, and what is said when it appears. */
    shoot: string;
    shootNote: string;
    shootSpoken: string;
    upload: string;
  };
  faceCapture: { title: string; note: string };
  challenge: {
    /** The prompt of several blinks. */
    blink: (times: number) => string;
    /** How many actions are done; shown, and said after each but the last. */
    done: (done: number, count: number) => string;
    /** A break began it anew: shown for a moment, and said. */
    restarted: string;
    restartedSpoken: string;
  };
  /** Other ways through the challenge. */
  ways: Record<ChallengeSet, { title: string; body: string }> & { title: string };
  /** What the ring says to screen readers. */
  captureProgress: string;
  documentTimeout: Record<DocumentSide, Advice> & {
    /** In the place of the title when a file was not taken. */
    fileTitle: string;
    upload: string;
  };
  /** While a file is being read. */
  documentFile: { title: string; body: string };
  fileProblems: Record<Exclude<FileProblem, 'wrong_kind' | 'wrong_side'>, Advice> & {
    wrong_kind: Record<DocumentFamily, Advice>;
    /** By the side that is asked for. */
    wrong_side: Record<DocumentSide, Advice>;
  };
  faceTimeout: Advice;
  submitting: { withoutPictures: { title: string; body: string }; title: string; body: string; endingTitle: string; endingBody: string; offlineTitle: string; offlineBody: string; progress: string };
  attemptsLeft: (count: number) => string;
  permissionTitle: string;
  permission: Record<PermissionPlace, readonly string[]>;
  done: { title: string; titleWithoutPictures: string; body: string; cancelledTitle: string; cancelledBody: string; goOn: string; noReturn: string };
  /** Added to errors after which the flow must be opened again by the service. */
  startAgain: string;
  errorCode: (code: string) => string;
  documentHints: Record<Exclude<DocumentHint, 'wrong_kind'>, string> & { wrong_kind: ByFamily };
  faceHints: Record<FaceHint, string>;
  reasons: Record<Reason, Advice>;
  errors: Record<ErrorCode, Advice>;
}
