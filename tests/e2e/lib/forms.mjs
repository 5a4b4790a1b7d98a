/**
 * What the visitor types, and does in another app.
 *
 * In: the page at a step without pictures. Out: fields filled in, codes read off the sandbox's text messages, a
 * signature in the stand-in of the app.
 */

/** How long an answer to a press may take, in ms: the stand-in of the app makes its keys the first time. */
const ANSWER_TIMEOUT_MS = 60_000;

/** Most codes that one visit to the screen takes: three codes of five tries each. */
const MAX_CODES = 16;

/** Time between two looks at the page, in ms. */
const LOOK_MS = 30;

/** Fills the fields that the form has; `person` has a text for each, and a date as its parts. */
export async function fillPerson(page, person) {
  for (const [name, value] of Object.entries(person)) {
    if (name === 'birth_date') {
      const [year, month, day] = value;
      for (const [part, number] of Object.entries({ year, month, day })) await page.locator(`#birth_date-${part}`).fill(String(number));
    } else {
      await page.locator(`#${name}`).fill(value);
    }
  }
}

/** Types the code of the last text message, again and again while it is wrong and the screen stays. */
export async function typeCodes(page, context, press) {
  for (let count = 0; count < MAX_CODES; count += 1) {
    await settled(page, 'otp');
    if ((await stateOf(page, 'otp')).screen !== 'otp') return;
    const code = await lastCode(page, context);
    await page.locator('#otp').fill(code);
    await press('continue');
    const state = await settled(page, 'otp');
    if (state.screen !== 'otp') return;
    const resend = page.locator('[data-action="resend"]:not([aria-disabled]):not([hidden])');
    if (state.failed && (await resend.count()) > 0) await press('resend');
  }
  throw new Error(`the screen 'otp' stayed after ${MAX_CODES} codes`);
}

/** Types the secret, again and again while it is wrong and the screen stays. */
export async function typeSecrets(page, secret, press) {
  for (let count = 0; count < MAX_CODES; count += 1) {
    await page.locator('#secret').fill(secret);
    await press('continue');
    if ((await settled(page, 'secret')).screen !== 'secret') return;
  }
  throw new Error(`the screen 'secret' stayed after ${MAX_CODES} tries`);
}

/** Opens the stand-in of the app by the transaction in the link, and signs or refuses there, as in another app. */
export async function signElsewhere(page, context, decision, note) {
  const link = await page.locator('a[data-action="open-app"]').getAttribute('href');
  const tx = /txId=([^&#]+)/.exec(decodeURIComponent(link))?.[1];
  if (!tx) throw new Error('the link to the app names no transaction');
  const app = await context.newPage();
  await app.goto(`${new URL(page.url()).origin}/toss/app?txId=${tx}`);
  note({ event: 'app', decision });
  await app.locator(`button[name="decision"][value="${decision}"]`).click();
  await app.waitForLoadState();
  await app.close();
  // The page may have looked by itself by now, and gone on.
  await page.locator('[data-action="check"]').click({ timeout: 2_000 }).catch(() => undefined);
}

/** The screen that shows, whether an answer is waited for, and whether the last one was a refusal. */
const stateOf = (page, form) =>
  page.evaluate((form) => {
    const flow = document.querySelector('idv-flow');
    const element = flow?.shadowRoot?.querySelector(`form[data-form="${form}"]`);
    return {
      screen: flow?.getAttribute('screen') ?? null,
      busy: element?.hasAttribute('aria-busy') ?? false,
      sent: form !== 'otp' || !element || !element.querySelector('.countdown[hidden]') || element.querySelector('[aria-invalid]') !== null,
      failed: element?.querySelector('[aria-invalid]') !== null && element !== null,
    };
  }, form);

/** The state once no answer is waited for any more. */
async function settled(page, form) {
  const until = Date.now() + ANSWER_TIMEOUT_MS;
  while (Date.now() < until) {
    // A page on its way elsewhere has no state, and no form.
    const state = await stateOf(page, form).catch(() => ({ screen: null, busy: false, sent: true, failed: false }));
    if (state.screen !== form || (!state.busy && state.sent)) return state;
    await new Promise((later) => setTimeout(later, LOOK_MS));
  }
  throw new Error(`no answer at the screen '${form}' within ${ANSWER_TIMEOUT_MS} ms`);
}

/** The six digits of the text message that was sent last. */
async function lastCode(page, context) {
  const answer = await context.request.get(`${new URL(page.url()).origin}/console/messages`);
  const [message] = await answer.json();
  const code = /(?<!\d)\d{6}(?!\d)/.exec(message?.text ?? '')?.[0];
  if (!code) throw new Error('no code in the last text message');
  return code;
}
