/** What the lab found on its machine, line by line, and a way to look again. */
import { useQuery } from "@tanstack/react-query";
import { Check, Minus, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { deviceSchema } from "#app/domain/device.ts";
import { useActions } from "../commands/use-actions.ts";
import { Button } from "../design/button.tsx";
import { Failed } from "../design/failed.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { settingsText } from "../text/settings.ts";

const text = settingsText.devices;

export function Devices(): ReactNode {
  const { queries } = useLab();
  const policies = useQuery(queries.experiments.get.queryOptions()).data?.policies.length ?? 0;
  const { data, error, isFetching, refetch } = useQuery(queries.settings.doctor.queryOptions());
  useActions(settingsText.title, [{ id: "settings.look", label: text.lookAgain, run: () => void refetch() }]);
  return (
    <>
      <p className="ink-3">{text.sub}</p>
      {error !== null && <Failed error={error} isAsking={isFetching} onAgain={() => void refetch()} />}
      {(data !== undefined || error === null) && (
        <table className="table machine-table">
          <thead>
            <tr>
              <th>{text.columns.what}</th>
              <th>{text.columns.state}</th>
              <th>{text.columns.found}</th>
            </tr>
          </thead>
          <tbody>
            {data === undefined && <Awaited rows={USUAL_ROWS + policies} />}
            {data?.map(({ name, ok, isAbsent, found }) => (
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
      <Button className="btn" busy={isFetching} doing={text.looking} onClick={() => void refetch()}>
        {text.again}
      </Button>
    </>
  );
}

/** Lines of what is always looked at; each policy has one more. */
const USUAL_ROWS = 7 + deviceSchema.options.length;

/** As high as what comes, so that nothing below it moves then. */
function Awaited({ rows }: { readonly rows: number }): ReactNode {
  return Array.from({ length: rows }, (_, i) => (
    <tr key={i} className="awaited">
      <td colSpan={3} className="found">
        {i === 0 ? <span role="status">{text.looking}</span> : <i aria-hidden="true" />}
      </td>
    </tr>
  ));
}

function StateIcon({ ok, isAbsent }: { readonly ok: boolean; readonly isAbsent: boolean }): ReactNode {
  const Icon = isAbsent ? Minus : ok ? Check : TriangleAlert;
  return <Icon className={isAbsent ? "icon small ink-3" : "icon small"} aria-hidden="true" />;
}
