/** Answers what the lab process asks of the keychain; a secret goes to the lab process and nowhere else. */
import { toLabError } from "#app/base/errors.ts";
import type { Keychain } from "#main/host/secrets.ts";
import type { LabMessage, ShellMessage } from "./messages.ts";

type SecretRequest = Extract<LabMessage, { readonly kind: "secretOf" | "keepSecret" }>;

export async function answerSecret(keychain: Keychain, request: SecretRequest): Promise<ShellMessage> {
  const answer = { kind: "secret", id: request.id, value: null, failure: null } as const;
  try {
    if (request.kind === "keepSecret") await keychain.set(request.name, request.value);
    else if (request.action === "delete") await keychain.delete(request.name);
    else if (request.action === "has") return { ...answer, value: (await keychain.has(request.name)) ? "" : null };
    else return { ...answer, value: await keychain.get(request.name) };
    return answer;
  } catch (thrown) {
    return { ...answer, failure: toLabError(thrown).message };
  }
}
