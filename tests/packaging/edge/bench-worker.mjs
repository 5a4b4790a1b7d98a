/** The measurements in workerd, where no clock runs while code does: they are timed from outside. */
import { repeat } from 'idv-web/edge-work';

export class RelaySession {}
export class RelayAddress {}

export default {
  async fetch(request) {
    const { name, times, inputs } = await request.json();
    await repeat(name, times, inputs);
    return new Response();
  },
};
