// From an answer to pictures: elements on their places, masks of them, shares of classes.
import { load } from './photos.js';
import { scratch } from './stage.js';

const TRANSPARENT = new Set(['rgba', 'crop']);
const SOLID = 128;

// Result links may name another host than the one the console was opened under.
const near = (url) => { const { pathname, search } = new URL(url, location.href); return pathname + search; };

export async function fetchPictures(data, action, form) {
  const entries = action.shape === 'elements' ? data.Elements ?? [] : [data];
  const pictures = await Promise.all(entries.map(async (entry) => {
    const url = near(entry[action.url]);
    const image = await load(url);
    const name = entry.Name ?? Object.keys(entry.ClassUrl ?? {})[0] ?? '';
    return { url, image, x: entry.X ?? 0, y: entry.Y ?? 0, name, mask: maskOf(image, form) };
  }));
  return pictures;
}

// A canvas that is opaque where the element is; null where a form does not tell.
function maskOf(image, form) {
  const { naturalWidth: width, naturalHeight: height } = image;
  if (!TRANSPARENT.has(form) && form !== 'mask') return null;
  return scratch(width, height, (context) => {
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, width, height);
    for (let at = 0; at < pixels.data.length; at += 4) {
      const value = form === 'mask' ? pixels.data[at] : pixels.data[at + 3];
      pixels.data[at + 3] = value >= SOLID ? 255 : 0;
    }
    context.putImageData(pixels, 0, 0);
  });
}

// [class, share] of a picture of class ids, largest first.
export function shares(image, classes) {
  const { naturalWidth: width, naturalHeight: height } = image;
  const index = new Map(classes.map(({ colour: [r, g, b] }, number) => [(r << 16) | (g << 8) | b, number]));
  const counts = new Array(classes.length).fill(0);
  scratch(width, height, (context) => {
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    for (let at = 0; at < data.length; at += 4) {
      const number = index.get((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
      if (number !== undefined) counts[number] += 1;
    }
  });
  return classes.map((entry, number) => [entry, counts[number] / (width * height)])
    .filter(([, share]) => share > 0).sort((one, other) => other[1] - one[1]);
}

// What an element shows, without the empty space around it.
export function thumbnail({ image, mask }) {
  const box = mask ? boundsOf(mask) : [0, 0, image.naturalWidth, image.naturalHeight];
  const [x, y, width, height] = box;
  const scale = Math.min(1, 320 / Math.max(width, height));
  const made = scratch(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)), (context) => {
    context.drawImage(image, x, y, width, height, 0, 0, width * scale, height * scale);
  });
  made.setAttribute('role', 'img');
  return made;
}

function boundsOf(mask) {
  const { width, height } = mask;
  const { data } = mask.getContext('2d').getImageData(0, 0, width, height);
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (data[(y * width + x) * 4 + 3] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  if (right < 0) return [0, 0, width, height];
  const margin = Math.ceil(Math.max(right - left, bottom - top) * 0.06);
  const [x, y] = [Math.max(0, left - margin), Math.max(0, top - margin)];
  return [x, y, Math.min(width, right + margin + 1) - x, Math.min(height, bottom + margin + 1) - y];
}
