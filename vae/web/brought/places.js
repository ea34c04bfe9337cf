// Files with the folders that they lie in, chosen by a field or dropped.

/** A file and its path, with the folders that it lay in. @typedef {{file: File, path: string}} Placed */

const TITLE = "images";

/** @type {(files: File[]) => Placed[]} */
export function placesOf(files) {
  return files.map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/**
 * What an archive of them is called, and the files below that. Folders name classes: one that holds
 * all files names none.
 * @type {(files: Placed[]) => {title: string, files: Placed[]}}
 */
export function belowTop(files) {
  const [top = ""] = files[0]?.path.split("/", 1) ?? [];
  if (!files.every(({ path }) => path.startsWith(`${top}/`))) return { title: TITLE, files };
  return { title: top, files: files.map(({ file, path }) => ({ file, path: path.slice(top.length + 1) })) };
}

/** All files in what was dropped. @type {(entries: FileSystemEntry[]) => Promise<Placed[]>} */
export async function filesOf(entries) {
  /** @type {Placed[]} */
  const found = [];
  const left = [...entries];
  for (let entry = left.pop(); entry; entry = left.pop()) {
    if (isFile(entry)) found.push({ file: await fileOf(entry), path: entry.fullPath.replace(/^\//, "") });
    else left.push(...await childrenOf(/** @type {FileSystemDirectoryEntry} */ (entry)));
  }
  return found;
}

/** @type {(entry: FileSystemEntry) => entry is FileSystemFileEntry} */
function isFile(entry) {
  return entry.isFile;
}

/** @type {(entry: FileSystemFileEntry) => Promise<File>} */
function fileOf(entry) {
  return new Promise((done, failed) => entry.file(done, failed));
}

/** A reader gives a hundred entries at a time. @type {(folder: FileSystemDirectoryEntry) => Promise<FileSystemEntry[]>} */
async function childrenOf(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const found = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return found;
    found.push(...some);
  }
}
