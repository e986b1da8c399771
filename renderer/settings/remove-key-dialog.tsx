/** Asks before a key is removed: nobody can bring it back. */
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { EndpointView } from "#app/contract/endpoints.ts";
import { Button } from "../design/button.tsx";
import { Dialog } from "../design/dialog.tsx";
import { Note } from "../design/note.tsx";
import { useLab } from "../lab-client/lab-context.tsx";
import { sentenceOf } from "../lab-client/lab-failure.ts";
import { settingsText } from "../text/settings.ts";

const text = settingsText.judges;

export function RemoveKeyDialog({ endpoint, onClose }: { readonly endpoint: EndpointView; readonly onClose: () => void }): ReactNode {
  const { queries } = useLab();
  const remove = useMutation(queries.settings.removeKey.mutationOptions({ onSuccess: onClose }));
  const { name, keyPlace } = endpoint;
  return (
    <Dialog title={text.removeKeyTitle(name)} isOpen onClose={onClose} width="32rem">
      <p className="ink-2">{text.removeKeyConsequence(keyPlace === null ? text.noKey : text.keyIn[keyPlace])}</p>
      {remove.error !== null && <Note kind="error">{sentenceOf(remove.error)}</Note>}
      <div className="dialog-actions">
        <button type="button" className="btn large" data-autofocus onClick={onClose}>
          {text.keepKey}
        </button>
        <Button
          className="btn danger large"
          busy={remove.isPending}
          doing={text.removingKey}
          onClick={() => {
            remove.mutate({ name });
          }}
        >
          {text.removeKeyOf(name)}
        </Button>
      </div>
    </Dialog>
  );
}
