/** Files that nothing needs any more: looked at first, each with its reason, and removed when a person says so. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { GarbageReport } from "#app/contract/settings.ts";
import { useActions } from "../commands/use-actions.ts";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { Loading } from "../design/empty-state.tsx";
import { bytes, count } from "../design/format.ts";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { settingsText } from "../text/settings.ts";
import { upkeepText } from "../text/upkeep.ts";

const text = upkeepText.disk;

export function DiskSpace(): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  useActions(settingsText.title, [
    {
      id: "settings.disk",
      label: text.look,
      run: () => {
        setIsOpen(true);
      },
    },
  ]);
  return (
    <>
      <p className="ink-3">{text.sub}</p>
      <button
        type="button"
        className="btn"
        onClick={() => {
          setIsOpen(true);
        }}
      >
        {text.look}
      </button>
      {isOpen && (
        <GarbageDialog
          onClose={() => {
            setIsOpen(false);
          }}
        />
      )}
    </>
  );
}

type GarbageDialogProps = { readonly onClose: () => void; readonly onRemoved?: () => void };

export function GarbageDialog({ onClose, onRemoved }: GarbageDialogProps): ReactNode {
  const { queries } = useLab();
  const garbage = useQuery({ ...queries.settings.garbage.queryOptions({ input: {} }), staleTime: 0 });
  const remove = useMutation(
    queries.settings.collectGarbage.mutationOptions({ onSuccess: () => onRemoved?.(), onSettled: () => void garbage.refetch() }),
  );
  const failure = remove.error ?? garbage.error;
  const found = garbage.data;
  const things = found?.items.length ?? 0;
  return (
    <Dialog title={text.title} isOpen onClose={onClose} width="44rem">
      {failure !== null && <Note kind="error">{sentenceOf(failure)}</Note>}
      {remove.isSuccess && <Note kind="plain">{text.removed(remove.data.items.length, remove.data.sizeBytes)}</Note>}
      {found === undefined && garbage.error === null && <Loading>{text.looking}</Loading>}
      {found !== undefined && <Found report={found} />}
      <div className="dialog-actions">
        <button type="button" className="btn large" data-autofocus onClick={onClose}>
          {things === 0 ? text.close : text.cancel}
        </button>
        {things > 0 && (
          <Button
            className="btn danger large"
            busy={remove.isPending}
            doing={text.removing}
            onClick={() => {
              remove.mutate({});
            }}
          >
            {text.remove(things, found?.sizeBytes ?? 0)}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function Found({ report: { items, kept } }: { readonly report: GarbageReport }): ReactNode {
  const { columns } = text;
  return (
    <div className="garbage" tabIndex={0} role="region" aria-label={text.title}>
      {items.length === 0 ? (
        <p>{text.nothing}</p>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th>{columns.what}</th>
              <th>{columns.why}</th>
              <th className="number">{columns.size}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.name}>
                <td className="found">{item.name}</td>
                <td className="ink-2">{item.why}</td>
                <td className="number no-wrap">{bytes(item.sizeBytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {kept.length > 0 && (
        <>
          <h3>{text.stays}</h3>
          <ul className="ink-2 small-text">
            {kept.map((one) => (
              <li key={one.what}>{text.kept(one.what, count(one.count), bytes(one.sizeBytes))}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
