import "./archive.css";

/** Whether every call is in the archive. */
export default function ArchiveView() {
  return <div className="page" />;
}
