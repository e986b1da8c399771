/** Takes the page's ports and hands them to the lab process: only from our page, only from its top frame, only a known form. */
import { ipcMain, type IpcMainEvent, type MessagePortMain } from "electron";
import * as z from "zod";
import { isOurs } from "./app-protocol.ts";
import { CONNECT_CHANNEL } from "./messages.ts";

const requestSchema = z.strictObject({ target: z.string().regex(/^[\w-]{1,64}$/u) });

/** Everybody else's port is closed unanswered. */
export function takePageConnections(connect: (target: string, port: MessagePortMain) => void): void {
  ipcMain.on(CONNECT_CHANNEL, (event: IpcMainEvent, message: unknown) => {
    const [port] = event.ports;
    if (port === undefined) return;
    const request = requestSchema.safeParse(message);
    const frame = event.senderFrame;
    const isPage = frame !== null && frame.parent === null && isOurs(frame.url);
    if (isPage && request.success) connect(request.data.target, port);
    else port.close();
  });
}
