import { reactive } from "vue";

interface ToastAction {
  label: string;
  hint?: string;
  run: () => void;
  /** It leads somewhere and takes nothing back: the key leaves it alone. */
  leads?: boolean;
}

export interface Toast {
  id: number;
  tone: "ok" | "bad" | "info";
  title: string;
  text?: string | undefined;
  /** What the button does, as Undo; the toast goes away after it. */
  action?: ToastAction | undefined;
  open: boolean;
}

const toasts = reactive<Toast[]>([]);
let lastId = 0;

/** Short answers to what was just done. The newest stays eight seconds; older ones than three give way. */
export function useToasts() {
  return { toasts, showToast, dismissToast, undoLast };
}

export function showToast(toast: Partial<Omit<Toast, "id" | "open">> & { title: string }): number {
  const id = ++lastId;
  toasts.push({ tone: "ok", ...toast, id, open: true });
  if (toasts.length > 3) toasts.shift();
  return id;
}

export function dismissToast(id: number): void {
  const index = toasts.findIndex((toast) => toast.id === id);
  if (index >= 0) toasts.splice(index, 1);
}

/** Takes back by the newest toast's action, as the Z key does; false when there is none. */
export function undoLast(): boolean {
  const toast = toasts.findLast((one) => one.open && one.action && !one.action.leads);
  if (!toast) return false;
  toast.action?.run();
  dismissToast(toast.id);
  return true;
}
