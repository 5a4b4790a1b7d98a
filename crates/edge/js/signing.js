/** Signatures by Toss for the relay: asked for, waited for, and counted once the result was read and holds. */

/** Time to sign, in seconds. */
const LIFE_S = 600;

const digits = (text = '') => text.replaceAll(/\D/g, '');
const same = (a = '', b = '') => a.normalize('NFC').replaceAll(/\s/g, '') === b.normalize('NFC').replaceAll(/\s/g, '');

/**
 * `startSignature` and `checkSignature` for the relay's `entries`. `document(asked)` names `serviceName`, `docTitle` and
 * the `text` that is signed. A status only says when to read the result; that somebody signed is the signed document,
 * verified up to the configured root, over the text that was sent, by the person who was asked.
 */
export function signByToss(client, document) {
  async function startSignature(asked) {
    const { person, trigger } = asked;
    const { serviceName, docTitle, text } = await document(asked);
    const signer = { name: person.full_name, phone: digits(person.phone), birthday: digits(person.birth_date) };
    const links = trigger === 'app_scheme' ? { appScheme: {} } : {};
    const startedAtMs = Date.now();
    let requested;
    try {
      requested = await client.request({ person: signer, serviceName, docTitle, document: { text }, expireS: LIFE_S, ...links });
    } catch (error) {
      // Too young for a certificate: nobody will sign.
      if (error.refusal === 'CE3006') return { refused: true };
      throw error;
    }
    const { txId, reads } = requested;
    const expiresAtMs = startedAtMs + LIFE_S * 1000;
    return { links: requested.links, expiresAtMs, signature: { txId, reads, text, expiresAtMs } };
  }

  async function checkSignature({ person, signature }) {
    const status = await client.status(signature.txId);
    // Toss has no word for a refusal: a request that ends before its time was refused.
    if (status === 'expired') return { seen: Date.now() < signature.expiresAtMs ? 'refused' : 'expired' };
    if (status !== 'completed') return { seen: 'waiting' };
    let result;
    try {
      result = await client.result({ reads: signature.reads, document: { text: signature.text } });
    } catch (error) {
      if (error.refusal === 'CE3102') return { seen: 'waiting' };
      if (error.refusal === 'CE3101' || error.refusal === 'CE3103') return { seen: 'expired' };
      throw error;
    }
    const { verification, personal, signedDoc, txId, reads } = result;
    const holds = verification.holds && verification.chain === 'trusted' && same(verification.signer.commonName, personal.name)
      && same(personal.name, person.full_name) && personal.birthday === digits(person.birth_date);
    // Toss obliges its customers to store what was signed, whatever it is.
    const kept = { ...signature, reads, txId, signedDoc: [...signedDoc] };
    return { seen: holds ? 'signed' : 'invalid', signature: kept };
  }

  return { startSignature, checkSignature };
}
