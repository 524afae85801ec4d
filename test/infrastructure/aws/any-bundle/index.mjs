// Stands for the code of every function in templates: a template has only its hash.
export const handler = () => {};
