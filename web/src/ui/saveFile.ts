/** Hands a text to the browser as a file to be saved. */
export function saveText(fileName: string, text: string): void {
  saveBlob(fileName, new Blob([text], { type: 'application/octet-stream' }));
}

export function saveBlob(fileName: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
  // The download has begun by then; the address would hold the bytes for as long as the page lives.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
