import { handler } from './hello.mjs';

export default {
  async fetch() {
    return Response.json(await handler({}, {}));
  },
};
