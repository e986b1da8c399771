/** A dialog in the lab's look: the focus goes in, stays in, and comes back. */
import { Modal } from "@mantine/core";
import type { ReactNode } from "react";

export type DialogProps = {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** A width in rem. */
  readonly width: string;
  /** At the right of the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
};

export function Dialog({ title, isOpen, onClose, width, aside, children }: DialogProps): ReactNode {
  return (
    // A class on the content would be given to the layer around it as well, which covers the page.
    <Modal.Root opened={isOpen} onClose={onClose} size={width} centered transitionProps={{ duration: 0 }} classNames={{ content: "dialog" }}>
      <Modal.Overlay className="dialog-overlay" />
      <Modal.Content radius="lg">
        <div className="dialog-head">
          <Modal.Title className="dialog-title">{title}</Modal.Title>
          {aside}
        </div>
        {children}
      </Modal.Content>
    </Modal.Root>
  );
}
