/** A function that does nothing: the least that a start takes. */
export const handler = async () => ({ statusCode: 200 });
