// Answers, or keeps its environment busy until that is ended.
export const handler = async ({ hold = false }) => {
  if (hold) await new Promise((resolve) => setTimeout(resolve, 890_000));
  return { held: hold };
};
