/** Where the engine runs its jobs: on which device, with how many threads. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { type Device, type DeviceFinding, DEVICE_NAMES, deviceSchema, type EngineOptions } from "#app/domain/device.ts";
import { Unread } from "../design/failed.tsx";
import { Note } from "../design/note.tsx";
import { UndoNote } from "../design/undo-note.tsx";
import { useResting } from "../design/why.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { settingsText } from "../text/settings.ts";

const text = settingsText.engine;

export function Engine(): ReactNode {
  const { queries } = useLab();
  const engine = useQuery(queries.settings.engine.queryOptions());
  const devices = useQuery(queries.settings.devices.queryOptions());
  // Waited for, so that what is said of it comes and goes with what is shown.
  const set = useMutation(queries.settings.setEngine.mutationOptions({ onSettled: () => engine.refetch() }));
  const [before, setBefore] = useState<EngineOptions | null>(null);
  const chosen = engine.data?.device;
  const change = (changes: Partial<EngineOptions>): void => {
    if (engine.data === undefined) return;
    const { device, threads } = engine.data;
    set.mutate(changes, {
      onSuccess: () => {
        setBefore({ device, threads });
      },
    });
  };
  const forget = (): void => {
    setBefore(null);
  };
  return (
    <>
      <p className="ink-3">{text.sub}</p>
      {set.error !== null && <Note kind="error">{sentenceOf(set.error)}</Note>}
      <Unread of={[engine, devices]} />
      {(engine.data !== undefined || engine.error === null) && (
        <>
          <fieldset className="devices">
            <legend>{text.device}</legend>
            {deviceSchema.options.map((device) => (
              <DeviceChoice
                key={device}
                device={device}
                isChosen={chosen === device}
                // The processor can always be had; of the others that is known once they were tried.
                isReady={device === "cpu" || devices.data?.some((one) => one.device === device && one.isReady) === true}
                finding={devices.data?.find((one) => one.device === device)}
                isTrying={devices.isFetching}
                isKnown={chosen !== undefined}
                onChoose={() => {
                  change({ device });
                }}
              />
            ))}
          </fieldset>
          <Threads
            threads={engine.data?.threads}
            most={engine.data?.processorThreads}
            onKeep={(threads) => {
              change({ threads });
            }}
          />
          {before !== null && engine.data !== undefined && (
            <UndoNote
              isBusy={set.isPending}
              onUndo={() => {
                set.mutate(before, { onSuccess: forget });
              }}
              onPutAway={forget}
            >
              {text.kept(DEVICE_NAMES[engine.data.device], engine.data.threads)}
            </UndoNote>
          )}
        </>
      )}
    </>
  );
}

type DeviceChoiceProps = {
  readonly device: Device;
  readonly isChosen: boolean;
  readonly isReady: boolean;
  readonly finding: DeviceFinding | undefined;
  readonly isTrying: boolean;
  /** Whether the engine's settings have been read. */
  readonly isKnown: boolean;
  readonly onChoose: () => void;
};

function DeviceChoice({ device, isChosen, isReady, finding, isTrying, isKnown, onChoose }: DeviceChoiceProps): ReactNode {
  const { field, reason } = useResting(!isKnown ? settingsText.whileReading : !isReady && !isChosen && (isTrying ? text.whileTrying : text.notReady));
  return (
    <>
      <label className="setting">
        <span>
          <b>{DEVICE_NAMES[device]}</b>
          <span className="ink-3 small-text">{finding?.found ?? (isTrying ? text.trying : text.untried)}</span>
        </span>
        <input type="radio" name="device" checked={isChosen} {...field} onChange={onChoose} />
      </label>
      {reason}
      {finding?.detail !== undefined && (
        <details className="device-detail ink-3 small-text">
          <summary>{text.said(DEVICE_NAMES[device])}</summary>
          <p>{finding.detail}</p>
        </details>
      )}
    </>
  );
}

/** Undefined until the lab has said them. */
type ThreadsProps = { readonly threads: number | undefined; readonly most: number | undefined; readonly onKeep: (threads: number) => void };

/** Kept when the field is left or Enter is pressed. */
function Threads({ threads, most, onKeep }: ThreadsProps): ReactNode {
  const [typed, setTyped] = useState(threads === undefined ? "" : String(threads));
  const [shown, setShown] = useState(threads);
  // Kept, taken back, or set elsewhere: the field follows, and keeps the focus.
  if (shown !== threads) {
    setShown(threads);
    setTyped(threads === undefined ? "" : String(threads));
  }
  const wanted = Number(typed);
  const isKnown = most !== undefined;
  const isValid = typed.trim() !== "" && Number.isInteger(wanted) && wanted >= 0 && wanted <= 256;
  const keep = (): void => {
    if (isValid && wanted !== threads) onKeep(wanted);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
    >
      <label className="setting">
        <span>
          <b>{text.threads}</b>
          <span className="ink-3 small-text">{!isKnown ? text.reading : isValid ? text.threadsSub(most) : text.threadsWrong}</span>
        </span>
        <input
          className="field money"
          inputMode="numeric"
          value={typed}
          aria-invalid={isKnown && !isValid}
          readOnly={!isKnown}
          autoComplete="off"
          onBlur={keep}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
          }}
        />
      </label>
    </form>
  );
}
