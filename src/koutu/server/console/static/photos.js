// Photos that are to be sent: chosen, dropped, pasted, taken with the camera, or samples.

const JPEG = 0.94;

export async function fromFile(file) {
  return { file, name: file.name || 'photo.png', url: URL.createObjectURL(file), sample: null, note: '' };
}

export function fromSample(name) {
  return { file: null, name, url: `/samples/${name}`, sample: `/samples/${name}`, note: '' };
}

// A photo that suits an action's limits: made smaller or stored anew where it is too large or of another format.
export async function suit(photo, limits, note) {
  if (!photo.file || !limits) return photo;
  const picture = await load(photo.url);
  const { naturalWidth: width, naturalHeight: height } = picture;
  let scale = limits.longest ? Math.min(1, limits.longest / Math.max(width, height)) : 1;
  const known = limits.formats.includes(photo.file.type);
  if (scale === 1 && photo.file.size <= limits.bytes && known) return photo;
  for (let round = 0; round < 8; round += 1) {
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.floor(width * scale));
    canvas.height = Math.max(1, Math.floor(height * scale));
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', JPEG));
    if (blob && blob.size <= limits.bytes) {
      const name = `${photo.name.replace(/\.[^.]*$/, '')}.jpg`;
      const made = await fromFile(new File([blob], name, { type: 'image/jpeg' }));
      made.note = `${note} ${canvas.width}×${canvas.height}`;
      return made;
    }
    scale *= 0.8;
  }
  return photo;
}

export async function ovalMask(photo) {
  const picture = await load(photo.url);
  const canvas = document.createElement('canvas');
  canvas.width = picture.naturalWidth;
  canvas.height = picture.naturalHeight;
  const context = canvas.getContext('2d');
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#fff';
  context.beginPath();
  context.ellipse(canvas.width / 2, canvas.height * 0.53, canvas.width * 0.32, canvas.height * 0.45, 0, 0, 7);
  context.fill();
  const blob = await new Promise((done) => canvas.toBlob(done, 'image/png'));
  return fromFile(new File([blob], 'mask.png', { type: 'image/png' }));
}

export async function load(url) {
  const picture = new Image();
  picture.src = url;
  await picture.decode();
  return picture;
}

export async function takePhoto(dialog, problem) {
  const video = dialog.querySelector('video');
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  } catch {
    problem();
    return null;
  }
  const shoot = dialog.querySelector('#shoot');
  const taken = new Promise((done) => {
    shoot.onclick = () => done(true);
    dialog.querySelector('#camera-close').onclick = () => done(false);
    dialog.onclose = () => done(false);
  });
  video.srcObject = stream;
  shoot.disabled = true;
  dialog.showModal();
  await video.play();
  shoot.disabled = false;
  let photo = null;
  if (await taken) {
    const canvas = document.createElement('canvas');
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext('2d').drawImage(video, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', JPEG));
    photo = await fromFile(new File([blob], 'camera.jpg', { type: 'image/jpeg' }));
  }
  for (const track of stream.getTracks()) track.stop();
  dialog.close();
  return photo;
}
