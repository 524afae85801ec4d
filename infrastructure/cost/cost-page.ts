/**
 * `page` with `sections` between `<!-- NAME -->` and `<!-- end of NAME -->`.
 *
 * @throws if the page lacks a section.
 */
export function withSections(page: string, sections: Readonly<Record<string, string>>): string {
  return Object.entries(sections).reduce((text, [name, made]) => {
    const section = new RegExp(`(?<=<!-- ${name} -->\n).*?(?=<!-- end of ${name} -->)`, "s");
    if (!section.test(text)) throw new Error(`the page has no section ${name}`);
    return text.replace(section, () => `\n${made}\n`);
  }, page);
}
