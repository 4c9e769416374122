/** A dialog or a menu is open: the keys are its own, and nothing behind it acts. */
export function isCovered(): boolean {
  return document.querySelector("[role=dialog],[role=alertdialog],[role=menu]") !== null;
}
