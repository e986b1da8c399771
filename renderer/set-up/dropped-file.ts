/** A dropped file as the lab takes it: its bytes as they are, which only the lab decodes. */

/** Never as text: a browser puts U+FFFD where bytes are no UTF-8, and the lab could not refuse the file any more. */
export async function readDropped(file: File): Promise<{ readonly path: string; readonly base64: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const reader = new FileReader();
  reader.onload = () => {
    const url = reader.result;
    // Of an empty file some browsers give no more than "data:".
    resolve(typeof url === "string" ? (url.split(",", 2)[1] ?? "") : "");
  };
  reader.onerror = () => {
    reject(reader.error ?? new Error(file.name));
  };
  reader.readAsDataURL(file);
  return { path: file.name, base64: await promise };
}
