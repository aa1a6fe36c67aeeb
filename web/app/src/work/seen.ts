// Which instructions this browser has shown. They open by themselves once, and again when they have changed.

function fingerprint(text: string): string {
  let hash = 5381;
  for (const char of text) hash = ((hash * 33) ^ (char.codePointAt(0) ?? 0)) >>> 0;
  return hash.toString(36);
}

export class Seen {
  constructor(private readonly storage: Storage) {}

  isNew(batch: string, html: string): boolean {
    try {
      return this.storage.getItem(`crowdsmith.read.${batch}`) !== fingerprint(html);
    } catch {
      return true;
    }
  }

  add(batch: string, html: string): void {
    try {
      this.storage.setItem(`crowdsmith.read.${batch}`, fingerprint(html));
    } catch {
      // Without storage they are shown each time.
    }
  }
}
