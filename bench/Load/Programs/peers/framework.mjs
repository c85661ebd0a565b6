import { handler } from './hello.mjs';

export const hello = async (request, response) => {
  response.json(await handler({}, {}));
};
