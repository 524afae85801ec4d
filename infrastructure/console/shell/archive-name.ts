/** Which archive this page shows. The server writes it into the page. */
export const ARCHIVE_NAME =
  document.querySelector<HTMLMetaElement>('meta[name="archive-name"]')?.content ?? "Local archive";
