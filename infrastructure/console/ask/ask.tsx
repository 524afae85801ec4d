import "./ask.css";

/** The saved questions and their answers. */
export default function Ask({ name }: { readonly name: string | undefined }) {
  return <div className="page">{name}</div>;
}
