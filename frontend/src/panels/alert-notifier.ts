/** Notifications of the browser, for who looks at something else. */

/** Asks the user if nobody has yet; says whether it is allowed. */
export async function allowNotifications(): Promise<boolean> {
  if (!('Notification' in window)) return false;
  return (await Notification.requestPermission()) === 'granted';
}

/** `tag`: a later one with the same takes its place. Nothing while somebody looks at the page. */
export function notify(
  title: string,
  body: string,
  { tag, onClick }: { tag: string; onClick(): void },
): void {
  const isSeen = document.visibilityState === 'visible' && document.hasFocus();
  if (isSeen || !('Notification' in window) || Notification.permission !== 'granted') return;
  try {
    const notification = new Notification(title, { body, tag });
    notification.onclick = () => {
      window.focus();
      notification.close();
      onClick();
    };
  } catch {
    // Telephones have none outside of service workers: the toast is there.
  }
}
