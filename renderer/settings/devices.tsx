/** What the lab found on its machine, line by line, and a way to look again. */
import { useQuery } from "@tanstack/react-query";
import { Check, Minus, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Loading } from "../design/empty-state.tsx";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { settingsText } from "../text/settings.ts";

const text = settingsText.devices;

export function Devices(): ReactNode {
  const { queries } = useLab();
  const { data, error, isFetching, refetch } = useQuery(queries.settings.doctor.queryOptions());
  return (
    <>
      <p className="ink-3">{text.sub}</p>
      {error !== null && <Note kind="error">{sentenceOf(error)}</Note>}
      {data === undefined ? (
        error === null && <Loading>{text.looking}</Loading>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th>{text.columns.what}</th>
              <th>{text.columns.state}</th>
              <th>{text.columns.found}</th>
            </tr>
          </thead>
          <tbody>
            {data.map(({ name, ok, isAbsent, found }) => (
              <tr key={name}>
                <td className="strong no-wrap">{name}</td>
                <td className={ok ? "no-wrap" : "no-wrap failure"}>
                  <span className="row">
                    <StateIcon ok={ok} isAbsent={isAbsent === true} />
                    {isAbsent === true ? <span className="ink-3">{text.absent}</span> : ok ? text.well : text.notWell}
                  </span>
                </td>
                <td className="ink-2 found">{found}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <button type="button" className="btn" disabled={isFetching} onClick={() => void refetch()}>
        {isFetching ? text.looking : text.again}
      </button>
    </>
  );
}

function StateIcon({ ok, isAbsent }: { readonly ok: boolean; readonly isAbsent: boolean }): ReactNode {
  const Icon = isAbsent ? Minus : ok ? Check : TriangleAlert;
  return <Icon className={isAbsent ? "icon small ink-3" : "icon small"} aria-hidden="true" />;
}
