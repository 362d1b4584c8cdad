/** A picture as the catalogue takes it: small enough, and of a kind that browsers show. */

/** Bytes at most, as the server has it. */
const MOST = 300_000;
/** Pixels of the longer side that a picture is brought down to. */
const LONGEST = 1_000;
const TAKEN = ['image/png', 'image/jpeg', 'image/webp'];

/** Whether the file goes as it is. */
export const goesAsItIs = (file: Pick<Blob, 'type' | 'size'>): boolean => TAKEN.includes(file.type) && file.size <= MOST;

async function smaller(file: Blob): Promise<Blob> {
  const image = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('canvas');
  // JPEG knows no transparency: what is clear would turn black.
  pen.fillStyle = '#ffffff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  for (const quality of [0.88, 0.75, 0.6, 0.4]) {
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality));
    if (blob && blob.size <= MOST) return blob;
  }
  throw new Error('size');
}

export async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(text);
}

/** What goes to the server: the file itself where it fits, else a smaller picture of it. Throws where it is no picture. */
export const fitting = (file: Blob): Promise<Blob> => (goesAsItIs(file) ? Promise.resolve(file) : smaller(file));
