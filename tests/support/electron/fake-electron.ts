/**
 * A stand-in for the module `electron`, which behaves like it where it matters: "ready" comes only when the entry has
 * been evaluated, ports are silent until they are started, utility processes are processes. Everything else is written
 * down for a test to look at.
 */
import { EventEmitter } from "node:events";
import { tmpdir } from "node:os";
import { FakePort } from "./ports.ts";
import { FakeUtilityProcess } from "./utility-process.ts";

type Handler = (...args: never[]) => unknown;

const ready = Promise.withResolvers<void>();

class FakeApp extends EventEmitter {
  isReadyNow = false;
  hasLock = true;
  /** Done when the entry has been evaluated, before "ready". */
  beforeReady: () => void = () => undefined;
  quitCount = 0;
  readonly whenReady = async (): Promise<void> => {
    await ready.promise;
  };
  isReady = (): boolean => this.isReadyNow;
  requestSingleInstanceLock = (): boolean => this.hasLock;
  getPath = (): string => tmpdir();
  /** Asks everybody, as Electron does; whoever prevents it asks again when it may be. */
  quit = (): void => {
    const event = { isPrevented: false, preventDefault: () => (event.isPrevented = true) };
    this.emit("before-quit", event);
    if (event.isPrevented) return;
    this.quitCount += 1;
    this.emit("quit");
  };
}

export const app = new FakeApp();

class FakeWebContents extends EventEmitter {
  readonly sent: (readonly unknown[])[] = [];
  openHandler: ((details: { readonly url: string }) => { readonly action: string }) | undefined;
  setWindowOpenHandler = (handler: FakeWebContents["openHandler"]): void => {
    this.openHandler = handler;
  };
  send = (...message: readonly unknown[]): void => {
    this.sent.push(message);
  };
}

type WindowOptions = {
  readonly webPreferences?: Readonly<Record<string, unknown>>;
  readonly width?: number;
  readonly height?: number;
  readonly x?: number;
  readonly y?: number;
};

export class BrowserWindow extends EventEmitter {
  static readonly all: BrowserWindow[] = [];
  readonly webContents = new FakeWebContents();
  readonly loaded: string[] = [];
  readonly progress: number[] = [];
  isShown = false;
  isFocusedNow = false;
  isMaximisedNow = false;
  readonly options: WindowOptions;

  constructor(options: WindowOptions) {
    super();
    if (!app.isReadyNow) throw new Error("Cannot create BrowserWindow before app is ready");
    this.options = options;
    BrowserWindow.all.push(this);
    app.emit("web-contents-created", {}, this.webContents);
  }

  loadURL = async (url: string): Promise<void> => {
    this.loaded.push(url);
    await Promise.resolve();
    this.emit("ready-to-show");
  };
  show = (): void => {
    this.isShown = true;
  };
  focus = (): void => {
    this.isFocusedNow = true;
  };
  restore = (): void => undefined;
  isMinimized = (): boolean => false;
  isFocused = (): boolean => this.isFocusedNow;
  isMaximized = (): boolean => this.isMaximisedNow;
  maximize = (): void => {
    this.isMaximisedNow = true;
  };
  getNormalBounds = (): object => ({ x: 10, y: 20, width: this.options.width, height: this.options.height });
  setProgressBar = (value: number): void => {
    this.progress.push(value);
  };
  close = (): void => {
    this.emit("close");
    this.emit("closed");
    BrowserWindow.all.splice(BrowserWindow.all.indexOf(this), 1);
    if (BrowserWindow.all.length === 0) app.emit("window-all-closed");
  };
}

/** What was set, started and shown, for tests to look at. */
export const record = {
  menu: undefined as unknown,
  schemes: [] as unknown[],
  protocolHandlers: new Map<string, (request: { readonly url: string; readonly method: string }) => Promise<Response>>(),
  permissionRequest: undefined as Handler | undefined,
  permissionCheck: undefined as Handler | undefined,
  devicePermission: undefined as Handler | undefined,
  blockers: new Set<number>(),
  notifications: [] as { readonly title: string; readonly body: string }[],
  trays: [] as Tray[],
  opened: [] as string[],
  messageBoxes: [] as { readonly buttons?: readonly string[]; readonly detail?: string }[],
  fileDialogs: [] as { readonly properties?: readonly string[] }[],
  exposed: new Map<string, unknown>(),
  posted: [] as { readonly channel: string; readonly message: unknown; readonly ports: readonly unknown[] }[],
  processes: [] as FakeUtilityProcess[],
  /** What the next message boxes answer, and the next file dialogs. */
  answers: [] as number[],
  chosenPaths: [] as (string | null)[],
  storageBackend: "gnome_libsecret",
  isEncryptionAvailable: true,
  /** What was sealed by an earlier key of the keychain is to be sealed anew. */
  shouldReEncrypt: false,
  sealCount: 0,
};

/** Called when the entry has been evaluated, and not before. */
export function becomeReady(): void {
  app.beforeReady();
  app.isReadyNow = true;
  app.emit("ready");
  ready.resolve();
}

function requireReady(what: string): void {
  if (!app.isReadyNow) throw new Error(`${what} can only be used after the app is ready`);
}

export const ipcMain = new EventEmitter();

/** What a preload has. */
export const contextBridge = { exposeInMainWorld: (name: string, api: unknown) => record.exposed.set(name, api) };
export const webUtils = { getPathForFile: (file: { readonly path?: string }) => file.path ?? "" };
export const ipcRenderer = Object.assign(new EventEmitter(), {
  postMessage: (channel: string, message: unknown, ports: readonly unknown[]) => record.posted.push({ channel, message, ports }),
});

export const protocol = {
  registerSchemesAsPrivileged: (schemes: readonly unknown[]) => {
    if (app.isReadyNow) throw new Error("protocol.registerSchemesAsPrivileged should be called before app is ready");
    record.schemes.push(...schemes);
  },
  handle: (scheme: string, handler: (request: { readonly url: string; readonly method: string }) => Promise<Response>) => {
    requireReady("protocol.handle");
    record.protocolHandlers.set(scheme, handler);
  },
};

export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: Handler) => (record.permissionRequest = handler),
    setPermissionCheckHandler: (handler: Handler) => (record.permissionCheck = handler),
    setDevicePermissionHandler: (handler: Handler) => (record.devicePermission = handler),
  },
};

export const dialog = {
  showMessageBox: async (options: { readonly buttons?: readonly string[] }) => {
    record.messageBoxes.push(options);
    return Promise.resolve({ response: record.answers.shift() ?? 0 });
  },
  showOpenDialog: async (_window: unknown, options: { readonly properties?: readonly string[] }) => {
    record.fileDialogs.push(options);
    const path = record.chosenPaths.shift() ?? null;
    return Promise.resolve({ canceled: path === null, filePaths: path === null ? [] : [path] });
  },
};

export const shell = {
  openExternal: async (url: string) => {
    record.opened.push(url);
    return Promise.resolve();
  },
};

export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu: (menu: unknown) => (record.menu = menu),
};

export class Tray extends EventEmitter {
  menu: readonly { readonly label?: string; readonly click?: () => void }[] = [];
  toolTip = "";
  isDestroyed = false;

  constructor() {
    super();
    record.trays.push(this);
  }

  setToolTip = (text: string): void => {
    this.toolTip = text;
  };
  setContextMenu = (menu: Tray["menu"]): void => {
    this.menu = menu;
  };
  destroy = (): void => {
    this.isDestroyed = true;
  };
}

export const nativeImage = { createFromPath: (path: string) => ({ path }) };
export const nativeTheme = { shouldUseDarkColors: false };
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };

export class Notification extends EventEmitter {
  static isSupported = (): boolean => true;
  static readonly all: Notification[] = [];
  readonly options: { readonly title: string; readonly body: string };

  constructor(options: { readonly title: string; readonly body: string }) {
    super();
    this.options = options;
    Notification.all.push(this);
  }

  show = (): void => {
    record.notifications.push(this.options);
  };
}

let nextBlocker = 0;
export const powerSaveBlocker = {
  start: () => {
    record.blockers.add((nextBlocker += 1));
    return nextBlocker;
  },
  stop: (id: number) => record.blockers.delete(id),
};

export const safeStorage = {
  getSelectedStorageBackend: () => record.storageBackend,
  isAsyncEncryptionAvailable: async () => Promise.resolve(record.isEncryptionAvailable),
  /** No two seals are equal, as with the real one: the first byte counts them. */
  encryptStringAsync: async (text: string) => {
    record.sealCount += 1;
    return Promise.resolve(Buffer.from([record.sealCount, ...[...Buffer.from(text)].map((byte) => byte ^ 0x5a)]));
  },
  decryptStringAsync: async (sealed: Buffer) =>
    Promise.resolve({
      result: Buffer.from([...sealed.subarray(1)].map((byte) => byte ^ 0x5a)).toString("utf8"),
      shouldReEncrypt: record.shouldReEncrypt,
    }),
};

export const utilityProcess = {
  fork: (entry: string) => {
    requireReady("utilityProcess.fork");
    const process_ = new FakeUtilityProcess(entry);
    record.processes.push(process_);
    return process_;
  },
};

export class MessageChannelMain {
  readonly port1: FakePort;
  readonly port2: FakePort;

  constructor() {
    const { port1, port2 } = FakePort.pair();
    this.port1 = port1;
    this.port2 = port2;
  }
}
