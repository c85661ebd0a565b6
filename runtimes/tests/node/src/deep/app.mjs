await null;
export const handlers = { main: async (event) => ({ module: true, event }) };
