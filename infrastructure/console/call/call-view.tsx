import "./call.css";

/** One call. */
export default function CallView({ id }: { readonly id: string }) {
  return <p>{id}</p>;
}
