/** The numbers of a range of days. */
export function Overview() {
  return <div className="page" />;
}
