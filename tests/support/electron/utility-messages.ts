/** How the fake shell and its fake utility processes carry messages and ports over the channel of a fork. */

export type ToUtility =
  | { readonly kind: "message"; readonly data: unknown; readonly ports: readonly number[] }
  | { readonly kind: "port"; readonly id: number; readonly data: unknown }
  | { readonly kind: "portClosed"; readonly id: number };

export type FromUtility =
  | { readonly kind: "message"; readonly data: unknown }
  | { readonly kind: "port"; readonly id: number; readonly data: unknown }
  | { readonly kind: "closePort"; readonly id: number };
