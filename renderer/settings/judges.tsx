/** Endpoints of judges: added, changed, tried and removed; a key can be set, replaced and removed, and is never shown. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import type { EndpointView } from "#app/contract/endpoints.ts";
import { Note } from "../design/note.tsx";
import { count } from "../design/format.ts";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { settingsText } from "../text/settings.ts";
import { EndpointForm } from "./endpoint-form.tsx";
import { EndpointTest } from "./endpoint-test.tsx";
import { Snapshots } from "./snapshots.tsx";

const text = settingsText.judges;

export function Judges(): ReactNode {
  const { queries } = useLab();
  const { data, error } = useQuery(queries.settings.endpoints.queryOptions());
  const [open, setOpen] = useState<Open | null>(null);
  const opened = data?.find((endpoint) => endpoint.name === open?.name);
  const close = (): void => {
    setOpen(null);
  };
  return (
    <>
      <p className="ink-3">{text.sub}</p>
      {error !== null && <Note kind="error">{sentenceOf(error)}</Note>}
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
              />
            ))}
          </tbody>
        </table>
      )}
      {open?.what === "form" && <EndpointForm key={open.name ?? ""} endpoint={opened} onClose={close} />}
      {open?.what === "test" && opened !== undefined && <EndpointTest key={opened.name} endpoint={opened} onClose={close} />}
      {open?.what === "key" && opened !== undefined && <KeyForm key={opened.name} name={opened.name} onClose={close} />}
      {open === null && (
        <button
          type="button"
          className="btn"
          onClick={() => {
            setOpen({ what: "form", name: undefined });
          }}
        >
          {text.add}
        </button>
      )}
      <Snapshots />
    </>
  );
}

type Open = { readonly what: "form" | "test" | "key"; readonly name: string | undefined };
type EndpointRowProps = { readonly endpoint: EndpointView; readonly onOpen: (what: Open["what"]) => void };

function EndpointRow({ endpoint, onOpen }: EndpointRowProps): ReactNode {
  const { queries } = useLab();
  const removeKey = useMutation(queries.settings.removeKey.mutationOptions());
  const remove = useMutation(queries.settings.removeEndpoint.mutationOptions());
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
                removeKey.mutate({ name });
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
        {(remove.error ?? removeKey.error) !== null && <Note kind="error">{sentenceOf(remove.error ?? removeKey.error)}</Note>}
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
      <button type="submit" className="btn primary" disabled={key.trim() === "" || save.isPending}>
        {text.keep}
      </button>
      <button type="button" className="btn" onClick={onClose}>
        {text.cancel}
      </button>
      {save.isError && <Note kind="error">{sentenceOf(save.error)}</Note>}
    </form>
  );
}
