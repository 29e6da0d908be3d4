// Kakao.API: the legacy SDK's way to call the REST API.

import { kakaoError } from './error.js';
import { newOutcome } from './outcome.js';
import { encodeData, fileForm } from './settings.js';

/**
 * Makes Kakao.API.
 * @param {import('./kakao.js').SDK} sdk
 */
export function newAPI({ call, read, takesFiles }) {
  return {
    /**
     * Calls an address of the REST API with the access token.
     * @param {{url: string, data?: object, success?: Function, fail?: Function, always?: Function}} settings
     * @returns {Promise<unknown>} the answer
     */
    request(settings) {
      const values = read('API.request', settings);
      const { url } = values;
      const name = `API.request - ${url}`;
      const { file, ...data } = read(name, values.data);
      const encoded = encodeData(data, name);
      let form;
      if (takesFiles(name)) {
        const files = values.files ?? file;
        if (!files) {
          const missing = kakaoError(`'files' parameter should be set for ${url}`, 'missing_parameter', 'add files');
          return newOutcome(settings, {}).reject(missing);
        }
        try {
          form = fileForm(files, name);
        } catch (error) {
          return newOutcome(settings, {}).reject(error);
        }
      }
      const outcome = newOutcome(settings, values);
      call('request', ['url', url, 'form', form ? 1 : '', 'data', '', ...encoded], { outcome, form });
      return outcome.promise;
    },

    /** Ends the requests under way; nobody hears of them any more. */
    cleanup() {
      call('apiCleanup');
    },
  };
}
