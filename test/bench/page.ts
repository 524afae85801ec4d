export async function updatePage() {}
