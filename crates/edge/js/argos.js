/** Argos KYC, legacy v2: steps, submissions, files, deletion. */
import { bytes, optionalBytes, secretText, typed } from './errors.js';
import { runner } from './run.js';
import { edge } from './wasm.js';

/** A client of Argos. */
function createClient({ environment, apiKey, ...sending }) {
  const settings = JSON.stringify({ environment });
  const client = typed(() => new (edge().ArgosClient)(settings, secretText(apiKey, 'apiKey')));
  const run = runner(client, sending);
  const value = async (makeCall) => (await run(makeCall)).value;
  const file = async (makeCall) => {
    const { value, bytes } = await run(makeCall);
    return { format: value.format, bytes };
  };
  return Object.freeze({
    step1: ({ idImage, idBackImage, ...step }) =>
      value(() => client.step1(JSON.stringify(step), bytes(idImage, 'idImage'), optionalBytes(idBackImage, 'idBackImage'))),
    step2: ({ faceImage, addressImage, ...step }) =>
      value(() => client.step2(JSON.stringify(step), bytes(faceImage, 'faceImage'), optionalBytes(addressImage, 'addressImage'))),
    list: (query = {}) => value(() => client.list(JSON.stringify(query))),
    submission: (submissionId) => value(() => client.submission(String(submissionId))),
    applicant: (applicantId) => value(() => client.applicant(String(applicantId))),
    image: (submissionId, type) => file(() => client.image(String(submissionId), String(type))),
    amlReport: (resourceId) => file(() => client.aml_report(String(resourceId))),
    addressCode: (query) => value(() => client.address_code(JSON.stringify(query))),
    delete: (submissionId) => value(() => client.delete(String(submissionId))),
    close: () => client.free(),
  });
}

/** What a webhook claims: a reason to read the submission again, nothing more. */
function readWebhook(body) {
  const raw = typeof body === 'string' ? new TextEncoder().encode(body) : bytes(body, 'body');
  return JSON.parse(typed(() => edge().read_webhook(raw)));
}

export const argos = Object.freeze({ createClient, readWebhook });
