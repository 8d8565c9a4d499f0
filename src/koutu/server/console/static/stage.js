// Shows a result over its photo: slider, zoom, backgrounds, outlines, download.

const COLOURS = ['#e4391b', '#1769d6', '#0f8a4b', '#9a3fc4', '#c77700', '#00838f', '#c2185b', '#5d6b12'];
export const colour = (index) => COLOURS[index % COLOURS.length];

export class Stage {
  constructor() {
    this.stage = document.getElementById('stage');
    this.viewport = this.stage.querySelector('.viewport');
    this.sheet = this.stage.querySelector('.sheet');
    this.after = this.stage.querySelector('.after');
    this.before = this.stage.querySelector('.before');
    this.outline = this.stage.querySelector('.outline');
    this.handle = this.stage.querySelector('.handle');
    this.slider = document.getElementById('slider');
    this.outlines = document.getElementById('outlines');
    this.own = document.getElementById('own-colour');
    this.slider.addEventListener('input', () => this.slide());
    this.handle.addEventListener('pointerdown', (event) => this.drag(event));
    document.getElementById('zoom-in').addEventListener('click', () => this.zoomTo(this.zoom * 1.4));
    document.getElementById('zoom-out').addEventListener('click', () => this.zoomTo(this.zoom / 1.4));
    document.getElementById('zoom-fit').addEventListener('click', () => this.fit());
    this.viewport.addEventListener('wheel', (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.zoomTo(this.zoom * (event.deltaY < 0 ? 1.15 : 1 / 1.15));
    }, { passive: false });
    for (const radio of document.querySelectorAll('input[name=background]')) radio.addEventListener('change', () => this.paint());
    this.own.addEventListener('input', () => {
      document.querySelector('input[name=background][value=own]').checked = true;
      this.paint();
    });
    this.outlines.addEventListener('change', () => this.slide());
    document.getElementById('download').addEventListener('click', (event) => this.download(event));
    new ResizeObserver(() => { if (this.fitted) this.fit(); }).observe(this.stage);
  }

  // photo: an <img> of the input, or null; pictures: [{image, x, y, mask}] to lay onto width x height.
  show(photo, pictures, width, height) {
    this.stage.querySelector('.stage-empty').hidden = true;
    this.viewport.hidden = false;
    document.getElementById('tools').hidden = false;
    [this.width, this.height] = [width, height];
    for (const canvas of [this.after, this.outline]) [canvas.width, canvas.height] = [width, height];
    const context = this.after.getContext('2d');
    for (const { image, x, y } of pictures) context.drawImage(image, x, y);
    // A cropped result does not lie over its photo.
    this.paired = photo !== null && photo.naturalWidth === width && photo.naturalHeight === height;
    if (this.paired) this.before.src = photo.src;
    this.before.hidden = !this.paired;
    this.handle.hidden = !this.paired;
    this.slider.closest('label').hidden = !this.paired;
    this.outlines.closest('label').hidden = !this.paired || !pictures.some((picture) => picture.mask);
    drawOutlines(this.outline, pictures);
    this.fit();
    this.paint();
    this.slide();
  }

  clear() {
    this.viewport.hidden = true;
    this.stage.querySelector('.stage-empty').hidden = false;
    document.getElementById('tools').hidden = true;
  }

  slide() {
    const share = Number(this.slider.value);
    const outlined = this.outlines.checked && !this.outlines.closest('label').hidden;
    this.before.style.clipPath = outlined ? 'none' : `inset(0 ${100 - share}% 0 0)`;
    this.handle.hidden = !this.paired || outlined;
    this.handle.style.left = `${share}%`;
    this.outline.hidden = !outlined;
  }

  drag(event) {
    event.preventDefault();
    this.handle.setPointerCapture(event.pointerId);
    const move = (moved) => {
      const box = this.sheet.getBoundingClientRect();
      this.slider.value = String(Math.round(((moved.clientX - box.left) / box.width) * 100));
      this.slide();
    };
    this.handle.addEventListener('pointermove', move);
    this.handle.addEventListener('pointerup', () => this.handle.removeEventListener('pointermove', move), { once: true });
  }

  fit() {
    if (!this.width) return;
    const most = Math.min(window.innerHeight * 0.72, 736);
    this.zoomTo(Math.min(this.stage.clientWidth / this.width, most / this.height, 4));
    this.fitted = true;
  }

  zoomTo(zoom) {
    this.fitted = false;
    this.zoom = Math.min(16, Math.max(0.02, zoom));
    const { viewport, sheet } = this;
    const centre = [
      (viewport.scrollLeft + viewport.clientWidth / 2) / Math.max(1, sheet.offsetWidth),
      (viewport.scrollTop + viewport.clientHeight / 2) / Math.max(1, sheet.offsetHeight),
    ];
    sheet.style.width = `${Math.floor(this.width * this.zoom)}px`;
    sheet.style.height = `${Math.floor(this.height * this.zoom)}px`;
    sheet.classList.toggle('enlarged', this.zoom > 3);
    viewport.scrollLeft = centre[0] * sheet.offsetWidth - viewport.clientWidth / 2;
    viewport.scrollTop = centre[1] * sheet.offsetHeight - viewport.clientHeight / 2;
    document.getElementById('zoom').textContent = `${Math.round(this.zoom * 100)} %`;
  }

  background() {
    const chosen = document.querySelector('input[name=background]:checked').value;
    return { checker: null, white: '#ffffff', black: '#000000', own: this.own.value }[chosen];
  }

  paint() {
    const ground = this.background();
    this.stage.classList.toggle('checker', ground === null);
    this.stage.style.backgroundColor = ground ?? '';
  }

  // The result as it is shown, on its background.
  download(event) {
    event.preventDefault();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [this.width, this.height];
    const context = canvas.getContext('2d');
    const ground = this.background();
    if (ground !== null) {
      context.fillStyle = ground;
      context.fillRect(0, 0, canvas.width, canvas.height);
    }
    context.drawImage(this.after, 0, 0);
    canvas.toBlob((blob) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(blob);
      link.download = 'result.png';
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    }, 'image/png');
  }
}

function drawOutlines(canvas, pictures) {
  const target = canvas.getContext('2d');
  const radius = Math.max(1.5, Math.max(canvas.width, canvas.height) / 420);
  pictures.forEach(({ mask, x, y }, index) => {
    if (!mask) return;
    const tint = scratch(mask.width, mask.height, (context) => {
      context.drawImage(mask, 0, 0);
      context.globalCompositeOperation = 'source-in';
      context.fillStyle = colour(index);
      context.fillRect(0, 0, mask.width, mask.height);
    });
    const margin = Math.ceil(radius);
    const ring = scratch(mask.width + 2 * margin, mask.height + 2 * margin, (context) => {
      for (let step = 0; step < 16; step += 1) {
        const angle = (step / 8) * Math.PI;
        context.drawImage(tint, margin + radius * Math.cos(angle), margin + radius * Math.sin(angle));
      }
      context.globalCompositeOperation = 'destination-out';
      context.drawImage(mask, margin, margin);
    });
    target.drawImage(ring, x - margin, y - margin);
  });
}

export function scratch(width, height, draw) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  draw(canvas.getContext('2d', { willReadFrequently: true }));
  return canvas;
}
