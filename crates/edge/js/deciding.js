/** The operator's decision by Argos: the document to step1, the face to step2, the end by a read of the submission. */

const BY_STEP1 = {
  document_expired: 'document_expired',
  document_country_mismatch: 'document_mismatch',
  document_name_mismatch: 'document_mismatch',
  document_dob_mismatch: 'document_mismatch',
};

const BY_STEP2 = { face_compare_underscore: 'face_mismatch', liveness_error: 'liveness_failed' };

const BY_COMMENT = {
  expired_id: 'document_expired',
  id_info_dataMismatch: 'document_mismatch',
  id_image_badImage: 'document_unreadable',
  id_image_invalidImage: 'document_not_found',
};

/** Reason of the first known code, else `otherwise`. */
function reasonOf(codes, table, otherwise) {
  return codes.map((code) => table[code]).find((reason) => reason !== undefined) ?? otherwise;
}

/**
 * A `decide` for the relay. `document(attempt)` names `issuingCountry`, `idType` and `email`, and what else step1 and
 * step2 take (`custom`, `identity`). The session remembers the submission's id and the digest of the document that was
 * sent, nothing that was read from it.
 */
export function decideByArgos(client, document) {
  return async (attempt) => {
    const { steps, capture, remember } = attempt;
    // Nothing was captured: the steps without pictures have found what there is to find.
    if (!steps.includes('document') && !steps.includes('face')) return { approved: true };
    const { issuingCountry, idType, email, custom, identity, options } = await document(attempt);
    let memory = attempt.memory ?? {};
    let read;
    const front = await capture('document_front');
    if (front !== undefined && memory.frontSha256 !== front.sha256) {
      const back = await capture('document_back');
      const step1 = await client.step1({
        issuingCountry, email, idType, custom, options,
        submissionId: memory.submissionId,
        idImage: front.bytes,
        idBackImage: back?.bytes,
      });
      const failed = step1.retry.length > 0;
      memory = { submissionId: step1.submissionId, ...(!failed && { frontSha256: front.sha256 }) };
      await remember(memory);
      if (failed) return { reason: reasonOf(step1.retry.map(({ code }) => code), BY_STEP1, 'document_unreadable') };
      read = step1.ocr;
    }
    if (!steps.includes('face')) return { approved: true };
    const { submissionId } = memory;
    const person = read?.name && read.birthDate ? { name: read.name, dateOfBirth: read.birthDate } : await stored(client, submissionId);
    const selfie = await capture('selfie');
    if (person === undefined) return { reason: 'document_unreadable' };
    if (selfie === undefined) return { reason: 'face_not_found' };
    const step2 = await client.step2({ submissionId, ...person, identity, document: { issuingCountry, idType }, faceImage: selfie.bytes });
    if (step2.kycStatus === 'incomplete') {
      return { reason: reasonOf(step2.retry.map(({ code }) => code), BY_STEP2, 'face_not_found') };
    }
    // Only a read of the submission tells how it ended.
    const submission = await client.submission(submissionId);
    if (submission?.kyc.result === 'approved') return { approved: true };
    if (submission?.kyc.result === 'pending') return { pending: true };
    if (submission?.kyc.result !== 'rejected') throw new Error('the submission has no end that is known');
    const scores = submission.kyc.attempts.flatMap(({ retryCodes }) => retryCodes);
    const byFace = reasonOf(scores, BY_STEP2, 'face_mismatch');
    return { reason: reasonOf(submission.kyc.commentCodes, BY_COMMENT, byFace), final: true };
  };
}

/** The person as the vendor read the document. */
async function stored(client, submissionId) {
  const submission = await client.submission(submissionId);
  const { name, dateOfBirth } = submission?.data ?? {};
  return name && dateOfBirth ? { name, dateOfBirth } : undefined;
}
