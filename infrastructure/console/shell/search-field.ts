/** The id of the field of the search view. */
export const SEARCH_FIELD = "phrase";

/** Moves the focus to the field of the search view, with its text selected, so that typing replaces it. */
export function focusSearchField(): void {
  const field = document.getElementById(SEARCH_FIELD);
  if (field instanceof HTMLInputElement) field.select();
}
