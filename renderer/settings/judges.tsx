/** Endpoints of judges: added, changed, tried, removed, each to be taken back; a key can be set, replaced and removed, and is never shown. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import type { EndpointView } from "#app/contract/endpoints.ts";
import { endpointSchema } from "#app/domain/endpoint.ts";
import { useActions } from "../commands/use-actions.ts";
import { Button } from "../design/button.tsx";
import { Failed } from "../design/failed.tsx";
import { count } from "../design/format.ts";
import { Note } from "../design/note.tsx";
import { UndoNote } from "../design/undo-note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { settingsText } from "../text/settings.ts";
import { draftOf, endpointOf } from "./endpoint-draft.ts";
import { EndpointForm } from "./endpoint-form.tsx";
import { EndpointTest } from "./endpoint-test.tsx";
import { RemoveKeyDialog } from "./remove-key-dialog.tsx";
import { Snapshots } from "./snapshots.tsx";

const text = settingsText.judges;

export function Judges(): ReactNode {
  const { queries } = useLab();
  const { data, error, isFetching, refetch } = useQuery(queries.settings.endpoints.queryOptions());
  const [open, setOpen] = useState<Open | null>(null);
  const [last, setLast] = useState<Done | null>(null);
  const forget = (): void => {
    setLast(null);
  };
  const putBack = useMutation(queries.settings.saveEndpoint.mutationOptions({ onSuccess: forget }));
  const takeOut = useMutation(queries.settings.removeEndpoint.mutationOptions({ onSuccess: forget }));
  const notUndone = putBack.error ?? takeOut.error;
  const opened = data?.find((endpoint) => endpoint.name === open?.name);
  const close = (): void => {
    setOpen(null);
  };
  const add = (): void => {
    setOpen({ what: "form", name: undefined });
  };
  useActions(settingsText.title, [{ id: "settings.addEndpoint", label: text.add, run: add }]);
  return (
    <>
      <p className="ink-3">{text.sub}</p>
      {error !== null && <Failed error={error} isAsking={isFetching} onAgain={() => void refetch()} />}
      {data === undefined && error === null && (
        <p className="ink-2" role="status">
          {text.reading}
        </p>
      )}
      {data?.length === 0 && <p className="ink-2">{text.none}</p>}
      {data !== undefined && data.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th>{text.columns.name}</th>
              <th>{text.columns.address}</th>
              <th>{text.columns.key}</th>
              <th className="number">{text.columns.most}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {data.map((endpoint) => (
              <EndpointRow
                key={endpoint.name}
                endpoint={endpoint}
                onOpen={(what) => {
                  setOpen({ what, name: endpoint.name });
                }}
                onRemoved={() => {
                  setLast({ what: "removed", endpoint });
                }}
              />
            ))}
          </tbody>
        </table>
      )}
      {last !== null && (
        <UndoNote
          isBusy={putBack.isPending || takeOut.isPending}
          onUndo={() => {
            if (last.what === "added") takeOut.mutate({ name: last.endpoint.name });
            else putBack.mutate(endpointSchema.parse(endpointOf(draftOf(last.endpoint))));
          }}
          onPutAway={forget}
        >
          {text[last.what](last.endpoint.name)}
        </UndoNote>
      )}
      {notUndone !== null && <Note kind="error">{sentenceOf(notUndone)}</Note>}
      {open?.what === "form" && (
        <EndpointForm
          key={open.name ?? ""}
          endpoint={opened}
          onClose={close}
          onSaved={(saved, before) => {
            setLast(before === undefined ? { what: "added", endpoint: saved } : { what: "changed", endpoint: before });
            close();
          }}
        />
      )}
      {open?.what === "test" && opened !== undefined && <EndpointTest key={opened.name} endpoint={opened} onClose={close} />}
      {open?.what === "key" && opened !== undefined && <KeyForm key={opened.name} name={opened.name} onClose={close} />}
      {open?.what === "removeKey" && opened !== undefined && <RemoveKeyDialog endpoint={opened} onClose={close} />}
      {(open === null || open.what === "removeKey") && (
        <button type="button" className="btn" onClick={add}>
          {text.add}
        </button>
      )}
      <Snapshots />
    </>
  );
}

/** What was done last, with the endpoint as it was before; as it is, where it was none. */
type Done = { readonly what: "added" | "changed" | "removed"; readonly endpoint: EndpointView };
type Open = { readonly what: "form" | "test" | "key" | "removeKey"; readonly name: string | undefined };
type EndpointRowProps = { readonly endpoint: EndpointView; readonly onOpen: (what: Open["what"]) => void; readonly onRemoved: () => void };

function EndpointRow({ endpoint, onOpen, onRemoved }: EndpointRowProps): ReactNode {
  const { queries } = useLab();
  const remove = useMutation(queries.settings.removeEndpoint.mutationOptions({ onSuccess: onRemoved }));
  const { name, baseUrl, keyPlace, isLocal, requestsPerMinute } = endpoint;
  const key = keyPlace === null ? (isLocal ? text.local : text.noKey) : text.keyIn[keyPlace];
  return (
    <tr>
      <td className="strong">{name}</td>
      <td>
        <code>{baseUrl}</code>
      </td>
      <td className="ink-2">{key}</td>
      <td className="number">{requestsPerMinute === null ? text.noLimit : text.perMinute(count(requestsPerMinute))}</td>
      <td>
        <span className="row end wrap">
          <button
            type="button"
            className="btn quiet"
            onClick={() => {
              onOpen("test");
            }}
          >
            {text.tryIt}
          </button>
          <button
            type="button"
            className="btn quiet"
            onClick={() => {
              onOpen("form");
            }}
          >
            {text.edit}
          </button>
          <button
            type="button"
            className="btn quiet"
            onClick={() => {
              onOpen("key");
            }}
          >
            {keyPlace === null ? text.setKey : text.replaceKey}
          </button>
          {keyPlace !== null && keyPlace !== "environment" && (
            <button
              type="button"
              className="btn quiet"
              onClick={() => {
                onOpen("removeKey");
              }}
            >
              {text.removeKey}
            </button>
          )}
          <button
            type="button"
            className="btn quiet danger"
            onClick={() => {
              remove.mutate({ name });
            }}
          >
            {text.remove}
          </button>
        </span>
        {remove.error !== null && <Note kind="error">{sentenceOf(remove.error)}</Note>}
      </td>
    </tr>
  );
}

function KeyForm({ name, onClose }: { readonly name: string; readonly onClose: () => void }): ReactNode {
  const { queries } = useLab();
  const [key, setKey] = useState("");
  const id = useId();
  const save = useMutation(queries.settings.setKey.mutationOptions({ onSuccess: onClose }));
  return (
    <form
      className="row key-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (key.trim() !== "") save.mutate({ name, key: key.trim() });
      }}
    >
      <label htmlFor={id} className="no-wrap">
        {text.key(name)}
      </label>
      <input
        id={id}
        className="field grow"
        type="password"
        autoComplete="off"
        value={key}
        onChange={(event) => {
          setKey(event.currentTarget.value);
        }}
      />
      <Button type="submit" className="btn primary" busy={save.isPending} doing={text.keeping} why={key.trim() === "" && text.noKeyTyped}>
        {text.keep}
      </Button>
      <button type="button" className="btn" onClick={onClose}>
        {text.cancel}
      </button>
      {save.isError && <Note kind="error">{sentenceOf(save.error)}</Note>}
    </form>
  );
}
