import "./search.css";

/** Search over everything said. */
export default function Search() {
  return <div className="page" />;
}
